"""The day's list of the desk: who is expected, in what order, and how somebody is found on it."""

from sqlalchemy.orm import Session

from queue_app.domain.keyring import Keyring
from queue_app.models import OfficeService
from queue_app.queries.arrivals.arrival import ArrivalState
from queue_app.queries.arrivals.arrivals import arrivals_of_day
from queue_app.services.arrivals.check_in import Scan, check_in
from queue_app.services.booking.change import cancel
from tests.harness.factories import make_applicant, make_booking, slots_of
from tests.harness.fakes import FRIDAY, THURSDAY, FixedClock


def test_a_family_is_counted_without_whoever_has_cancelled_and_found_by_number_code_and_initials(
    session: Session, offering: OfficeService, keyring: Keyring, clock: FixedClock
) -> None:
    first, second = slots_of(session, offering, THURSDAY)
    gone = make_booking(session, first.id, keyring=keyring)
    alone = make_booking(session, first.id, make_applicant(name="Ani Lestari"), keyring=keyring)
    people = make_applicant(name="Budi Utomo"), make_applicant(name="Siti Wahyuni")
    family = make_booking(session, second.id, *people, keyring=keyring)
    cancel(session, gone.id, now=clock.now())
    session.flush()
    listed = arrivals_of_day(session, offering.office_id, THURSDAY, now=clock.now())
    shown = [(person.initials, person.party) for person in listed.people(keyring)]
    assert shown == [("A. L.", None), ("B. U.", (1, 2)), ("S. W.", (2, 2))]
    assert [start for start, _ in listed.windows] == [first.starts_at, second.starts_at]
    number = f"a-{family.tickets[1].queue_number:03d}"
    # No code has an L or a U: a search for them finds initials, or nobody, whatever codes were drawn.
    for search, found in ((number, 1), (family.code.lower(), 2), ("b u", 1), ("al", 1), ("uu", 0), (" ", 3)):
        assert len(listed.matching(search, keyring).rows) == found, search
    assert len(listed.of_hour(second.starts_at).rows) == 2
    assert [row.id for row in listed.of_person(alone.tickets[0].id).rows] == [alone.tickets[0].id]
    assert not arrivals_of_day(session, offering.office_id, FRIDAY, now=clock.now()).rows


def test_the_list_looks_another_once_somebody_has_come(
    session: Session, offering: OfficeService, keyring: Keyring, clock: FixedClock
) -> None:
    slot, *_ = slots_of(session, offering, THURSDAY)
    booking, _ = (make_booking(session, slot.id, keyring=keyring) for _ in range(2))
    session.commit()
    before = arrivals_of_day(session, offering.office_id, THURSDAY, now=clock.now())
    assert before.counts == {ArrivalState.EXPECTED: 2}
    now = clock.set(slot.starts_at)
    check_in(session, Scan(booking.code, offering.office_id, None, "nonce"), keyring=keyring, now=now)
    session.commit()
    after = arrivals_of_day(session, offering.office_id, THURSDAY, now=clock.now())
    assert after.counts == {ArrivalState.EXPECTED: 1, ArrivalState.ARRIVED: 1}
    assert before.fingerprint() != after.fingerprint()
    assert len(after.of_state(ArrivalState.ARRIVED).rows) == 1
