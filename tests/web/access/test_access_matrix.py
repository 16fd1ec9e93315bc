"""Each role, and somebody who is not logged in, at each door: a route without a line fails, and a line without one."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from queue_app.adapters.keyring import FileKeyring
from queue_app.domain.roles import Role
from tests.harness.office import Visitor, make_world
from tests.web.access.doors import (
    ADMINISTRATOR,
    ANYBODY,
    DESK,
    DOORS_OF_PARTS,
    HALL,
    KEY_HOLDERS,
    KIOSKS,
    MID_LOG_IN,
    MONITORING,
    SERVING,
    STAFF,
    THOSE_WHO_CHANGE,
    THOSE_WHO_HELP,
    THOSE_WHO_PRINT,
    THOSE_WHO_TELEPHONE,
)

WHO_MAY = {
    **DOORS_OF_PARTS,
    "static": ANYBODY,
    "health.alive": ANYBODY,
    "health.ready": ANYBODY,
    "health.reached": ANYBODY,
    "metrics.metrics": MONITORING,
    **dict.fromkeys(("site.favicon", "site.icon", "site.icon_picture", "site.theme"), ANYBODY),
    **dict.fromkeys(("site.hall_worker", "site.manifest", "site.robots"), ANYBODY),
    **{
        f"api.{name}": ANYBODY for name in ("list_offices", "list_services", "availability", "openapi", "documentation")
    },
    "api.book": KEY_HOLDERS,
    "api.show_booking": KEY_HOLDERS,
    "api.cancel": KEY_HOLDERS,
    "api.reschedule": KEY_HOLDERS,
    "api.check_in": KEY_HOLDERS,
    "public.ask_for_code": ANYBODY,
    "public.accept_offer": ANYBODY,
    "public.offered": ANYBODY,
    "public.ask_for_time": ANYBODY,
    "public.ask_to_cancel": ANYBODY,
    "public.book": ANYBODY,
    "public.calendar": ANYBODY,
    "public.cancel": ANYBODY,
    "public.choose": ANYBODY,
    "public.contact": ANYBODY,
    "public.code_asked": ANYBODY,
    "public.code_lost": ANYBODY,
    "public.choose_again": ANYBODY,
    "public.days": ANYBODY,
    "public.details": ANYBODY,
    "public.find": ANYBODY,
    "public.help_page": ANYBODY,
    "public.home": ANYBODY,
    "public.hours": ANYBODY,
    "public.keep_details": ANYBODY,
    "public.move": ANYBODY,
    "public.no_place": ANYBODY,
    "public.office": ANYBODY,
    "public.open_ticket": ANYBODY,
    "public.pdf": ANYBODY,
    "public.print_ticket": ANYBODY,
    "public.recorded_before": ANYBODY,
    "public.reschedule": ANYBODY,
    "public.service": ANYBODY,
    "public.service_worker": ANYBODY,
    "public.show_slot": ANYBODY,
    "public.take_time": ANYBODY,
    "public.ticket": ANYBODY,
    "public.tickets": ANYBODY,
    **{f"staff.{name}": ANYBODY for name in ("log_in", "log_out", "first_administrator")},
    **{f"staff.{name}": ANYBODY for name in ("invitation", "new_password")},
    "staff.second_step": MID_LOG_IN,
    **{f"staff.{name}": STAFF for name in ("home", "switch_office", "own_account", "own_password")},
    **{f"staff.{name}": STAFF for name in ("end_other_sessions", "end_one_session")},
    **{f"staff.{name}": STAFF for name in ("enrol", "renew_recovery_codes", "turn_off_second_factor")},
    "desk.find": HALL,
    "desk.find_person": HALL,
    "desk.person": HALL,
    "desk.move_person": THOSE_WHO_CHANGE,
    "desk.book_person_again": THOSE_WHO_CHANGE,
    "desk.cancel_person": THOSE_WHO_CHANGE,
    "desk.take_back_absence": THOSE_WHO_CHANGE,
    "desk.scan": DESK,
    "desk.call_lists": THOSE_WHO_TELEPHONE,
    "desk.call_list": THOSE_WHO_TELEPHONE,
    "desk.reveal_phone": THOSE_WHO_TELEPHONE,
    "desk.record_told": THOSE_WHO_TELEPHONE,
    "desk.record_scan": DESK,
    "desk.undo": DESK,
    "desk.record_identity": DESK,
    "desk.check_in_by_hand": DESK,
    "desk.assist": THOSE_WHO_HELP,
    "desk.assisted": THOSE_WHO_HELP,
    "desk.assisted_hours": THOSE_WHO_HELP,
    "desk.book_for_somebody": THOSE_WHO_HELP,
    "desk.undo_by_hand": DESK,
    "desk.step_visit": SERVING,
    "desk.begin_out_of_order": DESK,
    "desk.change_priority": DESK,
    **dict.fromkeys(("desk.arrivals", "desk.arrivals_now", "desk.search_arrivals", "desk.paper_list"), HALL),
    "desk.try_scanner": STAFF,
    "counter.page": SERVING,
    "counter.page_now": SERVING,
    "counter.sign_in": SERVING,
    "counter.sign_out": SERVING,
    "counter.call": SERVING,
    "counter.recall": SERVING,
    "counter.skip": SERVING,
    "counter.start": SERVING,
    "counter.finish": SERVING,
    "counter.hold": SERVING,
    "counter.resume": SERVING,
    "counter.transfer": SERVING,
    "counter.has_come": SERVING,
    "counter.identity": SERVING,
    "counter.offer_again": SERVING,
    "counter.undo": SERVING,
    "counter.pause": SERVING,
    "counter.go_on": SERVING,
    "counter.come_again": SERVING,
    "counter.disruption": HALL,
    "counter.begin": HALL,
    "counter.resume_calling": HALL,
    "counter.close_today": HALL,
    **{f"admin.{name}": ADMINISTRATOR for name in ("backups", "acknowledge_restoration", "send_held")},
    **{f"admin.{name}": ADMINISTRATOR for name in ("send_every_held", "counters", "new_counter", "edit_counter")},
    "admin.free_counter": ADMINISTRATOR,
    "admin.edit_calling_rules": ADMINISTRATOR,
    **{f"admin.{name}": ADMINISTRATOR for name in ("office", "quota", "edit_offering", "schedule")},
    "admin.edit_schedule": ADMINISTRATOR,
    "admin.set_new_schedule": ADMINISTRATOR,
    "admin.days": ADMINISTRATOR,
    "admin.day_quota": ADMINISTRATOR,
    "admin.change_day_quota": ADMINISTRATOR,
    "admin.close": ADMINISTRATOR,
    "admin.closures": ADMINISTRATOR,
    "admin.closure": ADMINISTRATOR,
    "admin.new_closure": ADMINISTRATOR,
    "admin.edit_closure": ADMINISTRATOR,
    "admin.confirm_closure": ADMINISTRATOR,
    "admin.discard_closure": ADMINISTRATOR,
    "admin.revoke_closure": ADMINISTRATOR,
    "admin.affected": ADMINISTRATOR,
    "admin.withdrawn": ADMINISTRATOR,
    "admin.offer_for_dropped": ADMINISTRATOR,
    "admin.tell_too_many": ADMINISTRATOR,
    "admin.reopen": ADMINISTRATOR,
    "admin.holidays": ADMINISTRATOR,
    "admin.new_holiday": ADMINISTRATOR,
    "admin.edit_holiday": ADMINISTRATOR,
    "admin.holiday_year": ADMINISTRATOR,
    "admin.remove_holiday": ADMINISTRATOR,
    "display.display": ANYBODY,
    "display.now": ANYBODY,
    "display.place": ANYBODY,
    "kiosk.enrol": ANYBODY,
    "kiosk.start": KIOSKS,
    "kiosk.ticket": KIOSKS,
    "kiosk.arrive": KIOSKS,
    "kiosk.services": KIOSKS,
    "kiosk.person": KIOSKS,
    "kiosk.give_number": KIOSKS,
    "kiosk.outcome": KIOSKS,
    "admin.devices": ADMINISTRATOR,
    "admin.new_device": ADMINISTRATOR,
    "admin.device_code": ADMINISTRATOR,
    "admin.new_device_code": ADMINISTRATOR,
    "admin.lock_device": ADMINISTRATOR,
    "admin.unlock_device": ADMINISTRATOR,
    "admin.choose_printer": ADMINISTRATOR,
    "admin.staff": ADMINISTRATOR,
    **{f"admin.{name}": ADMINISTRATOR for name in ("edit_staff", "deactivate", "reactivate", "reset_second_factor")},
    **{f"admin.{name}": ADMINISTRATOR for name in ("invite", "invitation_link", "renew_invitation")},
    **{f"admin.{name}": ADMINISTRATOR for name in ("withdraw_invitation", "password_link", "make_password_link")},
    "admin.allow_attempts": ADMINISTRATOR,
    "admin.end_sessions": ADMINISTRATOR,
    "admin.outbox": ADMINISTRATOR,
    "admin.confirm_server_clock": ADMINISTRATOR,
    "admin.message": ADMINISTRATOR,
    "admin.printers": ADMINISTRATOR,
    "admin.new_printer": ADMINISTRATOR,
    "admin.try_printer": ADMINISTRATOR,
    "admin.remove_printer": ADMINISTRATOR,
    "desk.printing": THOSE_WHO_PRINT,
    "desk.print_booking": THOSE_WHO_PRINT,
    "desk.print_page": THOSE_WHO_PRINT,
    "desk.day_snapshot": HALL,
    "desk.shell": HALL,
    "desk.sync_token": SERVING,
    "desk.sync_scans": DESK,
    "desk.conflicts": SERVING,
    "desk.settle_conflict": SERVING,
    "counter.queue_snapshot": SERVING,
    "counter.sync_presses": SERVING,
    "counter.shell": SERVING,
}


def test_the_table_names_every_route_and_no_other(app: Flask) -> None:
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == set(WHO_MAY)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # the door is before the database
@pytest.mark.parametrize("role", [None, *Role], ids=str)
def test_each_door(role: Role | None, app: Flask, client: FlaskClient, session: Session, keyring: FileKeyring) -> None:
    app.config["WTF_CSRF_ENABLED"] = False  # its refusals would hide those that are looked for here
    world = make_world(session, keyring)
    staff = world.staff(role, world.here, world.there) if role else None
    wrong = []
    for rule in app.url_map.iter_rules():
        for method in sorted(rule.methods & {"GET", "POST"}):
            if staff:
                Visitor(client).sign_in(world, staff)  # anew, because one of the doors leads out
            admitted = _admits(client, _path(app, rule), method)
            if admitted != (role in WHO_MAY[rule.endpoint]):
                wrong.append(f"{method} {rule.rule}: {'open' if admitted else 'closed'}")
    assert wrong == []


def _path(app: Flask, rule: Rule) -> str:
    """An address of the route; what it names need not exist, a 404 has passed the door."""
    values = {"office": "sragen", "service": "ktp-rekam", "day": "2026-11-24"}
    with app.test_request_context():
        return str(app.url_map.bind("").build(rule.endpoint, {one: values.get(one, "1") for one in rule.arguments}))


def _admits(client: FlaskClient, path: str, method: str) -> bool:
    answer = client.open(path, method=method)
    assert answer.status_code < 500, f"{method} {path}"
    leads = answer.location if answer.status_code in {303, 307} else ""
    elsewhere = leads.endswith("/daftar") or (leads.startswith("/petugas/masuk") and path != "/petugas/keluar")
    return answer.status_code not in {401, 403} and not elsewhere
