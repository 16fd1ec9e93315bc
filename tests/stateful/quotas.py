"""Quotas of many days at once, taken back or not, and shares that are released, in the middle of it all."""

from __future__ import annotations

from datetime import time, timedelta

from flask import Flask
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from queue_app.db import db, unit_of_work
from queue_app.domain.calendar import Share
from queue_app.domain.clock import office_date
from queue_app.domain.quota_change import NewQuota, QuotaUnit
from queue_app.domain.releases import Release
from queue_app.domain.roles import Role
from queue_app.models import Office, OfficeService, QuotaChange, Slot
from queue_app.services.calendar import releases
from queue_app.services.calendar.quota_changes import change_quotas
from queue_app.services.calendar.quota_limit import Deed
from queue_app.services.calendar.quota_undo import undo_change
from tests.harness.factories import make_staff
from tests.harness.fakes import FixedClock
from tests.stateful.administration import ANY, Administration

REFUSALS = {"invalid_quota_change", "invalid_release", "agreement_needed", "not_found"}


class AdministrationOfQuotas(Administration):
    def __init__(self, app: Flask, clock: FixedClock) -> None:
        super().__init__(app, clock)
        with app.app_context(), unit_of_work() as session:
            office = session.scalars(select(Office)).first()
            self.boss = make_staff(session, office, Role.ADMINISTRATOR, now=self.now).id

    @property
    def deed(self) -> Deed:
        return Deed(self.boss, None, "Percobaan", self.now)

    @rule(
        which=ANY,
        ahead=st.integers(0, 5),
        span=st.integers(0, 3),
        unit=st.sampled_from(QuotaUnit),
        amount=st.integers(-100, 60),
        hours=st.sampled_from([(None, None), (time(8), time(10))]),
    )
    def quotas_of_days_are_changed(
        self, which: int, ahead: int, span: int, unit: QuotaUnit, amount: int, hours: tuple[time | None, time | None]
    ) -> None:
        office_id = self.one(Office, which)

        def changes(session: Session) -> int:
            office = session.get_one(Office, office_id)
            first = office_date(self.now, office.time_zone) + timedelta(days=ahead)
            of_office = select(OfficeService.service_id).where(OfficeService.office_id == office_id)
            services = frozenset(session.scalars(of_office))
            places = abs(amount) if unit is QuotaUnit.PLACES else amount
            new = NewQuota(first, first + timedelta(days=span), services, unit, places, frozenset(), *hours)
            return change_quotas(session, office.id, new, self.deed).id

        self.do(changes, REFUSALS)

    @rule(which=ANY)
    def a_change_is_undone(self, which: int) -> None:
        if (change := self.one(QuotaChange, which)) is None:
            return
        with self.app.app_context():
            office_id = db.session().get_one(QuotaChange, change).office_id
        self.do(lambda session: len(undo_change(session, change, office_id, self.deed)), REFUSALS)

    @rule(which=ANY, days_before=st.integers(0, 3), percent=st.sampled_from([1, 50, 100]), back=st.booleans())
    def releases_are_set(self, which: int, days_before: int, percent: int, back: bool) -> None:
        shares = (Share.ASSISTED, Share.PUBLIC) if back else (Share.PUBLIC, Share.ASSISTED)
        several = [Release(days_before, time(hour), *shares, percent) for hour in (7, 13)]
        offering = self.one(OfficeService, which)
        self.do(lambda session: releases.set_releases(session, offering, several, **self.why), REFUSALS)

    @rule()
    def what_is_due_is_released(self) -> None:
        """No place comes or goes by it, and a second time nothing is due."""
        before = self._planned()

        def release(session: Session) -> int:
            due = releases.due_releases(session, now=self.now)
            return sum(releases.release_day(session, *one, now=self.now) for one in due)

        self.do(release, REFUSALS)
        assert self._planned() == before
        with self.app.app_context():
            assert not releases.due_releases(db.session(), now=self.now)

    def _planned(self) -> int:
        with self.app.app_context():
            return db.session().scalar(select(func.sum(Slot.planned))) or 0

    @invariant()
    def no_hour_has_more_people_than_places(self) -> None:
        with self.app.app_context():
            assert not db.session().scalars(select(Slot.id).where(Slot.booked > Slot.capacity)).all()
