"""The texts and times of a service at an office, and its numbers without an appointment."""

from datetime import time, timedelta

import pytest
from sqlalchemy import select

from queue_app.domain.roles import Role
from queue_app.models import AuditEntry, OfficeService
from tests.harness.office import TODAY, Visitor, World, refusals


def offering_values(world: World, **changes: object) -> dict[str, object]:
    return {
        "who_id": "Warga 17 tahun",
        "who_en": "Residents of 17",
        "requirements_id": "Fotokopi KK\n\n Surat  pengantar ",
        "requirements_en": "Copy of the family card",
        "opens_days": 40,
        "opens_at": "07.00",
        "closes_days": 1,
        "closes_at": "16:00",
        "changes_days": 1,
        "changes_at": "12",
        "early_minutes": 45,
        "late_minutes": 15,
        "walk_ins_per_day": 35,
        "releases_at": "09.30",
        "steps_id": "Foto\n\n Tanda  tangan ",
        "steps_en": "Photo",
        "minutes": 15,
        "legal_basis": "Perpres 96/2018",
        "reason": "Aturan baru",
        **changes,
    }


def test_texts_and_times_of_a_service(administrator: Visitor, world: World) -> None:
    path = f"/admin/layanan/{world.offering.id}/ubah"
    assert "Fotokopi KK" in administrator.get(path).text
    assert administrator.post(path, offering_values(world)).status_code == 303
    offering = world.afresh().get_one(OfficeService, world.offering.id)
    assert offering.requirements_id == "Fotokopi KK\nSurat pengantar"
    assert (offering.opens_days_before, offering.early_minutes) == (40, 45)
    assert (offering.walk_ins_per_day, offering.releases_at) == (35, time(9, 30))
    assert offering.days_made_until == TODAY + timedelta(days=47)  # the longer horizon has its days at once
    entry = world.session.scalars(select(AuditEntry).where(AuditEntry.action == "offering.updated")).one()
    assert (entry.before["opens_days_before"], entry.after["opens_days_before"]) == (30, 40)
    assert "closes_at" not in entry.after
    assert (entry.before["releases_at"], entry.after["walk_ins_per_day"]) == ("08:00", 35)
    assert entry.reason == "Aturan baru"
    page = administrator.get(f"/{world.here.slug}/{offering.service.slug}").text  # the standard of service
    assert "<li>Foto</li><li>Tanda tangan</li>" in page
    assert "Di loket kira-kira 15 menit." in page
    assert "Perpres 96/2018" in page


@pytest.mark.parametrize(
    "change",
    [
        {"opens_days": 1, "opens_at": "17.00"},
        {"opens_days": 0},
        {"closes_days": 400},
        {"early_minutes": 241},
        {"late_minutes": ""},
        {"minutes": 241},
        {"walk_ins_per_day": 5001},
        {"releases_at": "25"},
        {"closes_at": "noon"},
        {"who_id": ""},
        {"reason": ""},
        {"reason": "3314990101900001"},
    ],
)
def test_times_that_make_no_sense_are_refused(administrator: Visitor, world: World, change: dict[str, object]) -> None:
    answer = administrator.post(f"/admin/layanan/{world.offering.id}/ubah", offering_values(world, **change))
    assert answer.status_code == 422
    assert refusals(answer)
    assert world.afresh().get_one(OfficeService, world.offering.id).opens_days_before == 30


def test_what_no_printer_can_show_is_named_at_its_field(administrator: Visitor, world: World) -> None:
    path = f"/admin/layanan/{world.offering.id}/ubah"
    refused = administrator.post(path, offering_values(world, requirements_id="Fotokopi KK 🎫 ≥ 1 lembar"))
    assert refused.status_code == 422
    assert "Di kertas tidak dapat dicetak: 🎫. Tulis dengan kata, atau hapus." in refused.text
    assert (
        administrator.post(path, offering_values(world, requirements_id="Fotokopi KK ≥ 1 lembar → 2½ jam")).status_code
        == 303
    )


def test_a_service_of_another_office_does_not_exist(visitor: Visitor, world: World) -> None:
    visitor.sign_in(world, world.staff(Role.ADMINISTRATOR))
    path = f"/admin/layanan/{world.offering_there.id}/ubah"
    assert visitor.get(path).status_code == 404
    assert visitor.post(path, offering_values(world)).status_code == 404
