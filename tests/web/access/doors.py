"""Groups of roles that a door is open to, and the doors to data and records (the others: `test_access_matrix.py`)."""

from queue_app.domain.roles import Role

ANYBODY = frozenset({None, *Role})
STAFF = frozenset(Role)
DESK = frozenset({Role.DESK})
THOSE_WHO_TELEPHONE = frozenset({Role.DESK, Role.ADMINISTRATOR})
THOSE_WHO_HELP = frozenset({Role.DESK, Role.VILLAGE})
THOSE_WHO_PRINT = THOSE_WHO_HELP | {Role.COUNTER}
HALL = frozenset({Role.DESK, Role.COUNTER, Role.ADMINISTRATOR})
THOSE_WHO_CHANGE = frozenset({Role.DESK, Role.ADMINISTRATOR})
SERVING = frozenset({Role.DESK, Role.COUNTER})
ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})
KEY_HOLDERS: frozenset[Role | None] = frozenset()  # no role of staff: a partner's key (tests/web/api)
KIOSKS: frozenset[Role | None] = frozenset()  # nor here: an enrolled kiosk (tests/web/kiosk)
MONITORING: frozenset[Role | None] = frozenset()  # nor here: whoever has the token of the metrics (tests/web/site)
MID_LOG_IN: frozenset[Role | None] = frozenset()  # nor here: whoever has just typed a password (tests/web/staff)
READERS = frozenset({Role.ADMINISTRATOR, Role.AUDITOR})

DOORS_TO_RECORDS = {
    **{f"admin.{name}": READERS for name in ("audit", "audit_entry", "export_audit", "filter_audit", "verify_audit")},
    **{f"admin.{name}": READERS for name in ("exceptions", "export_exceptions")},
    "admin.message_facts": frozenset({Role.AUDITOR}),
}
DOORS_TO_DATA = {
    "public.ask_for_data_code": ANYBODY,
    "public.ask_office": ANYBODY,
    "public.copy_data": ANYBODY,
    "public.correct_data": ANYBODY,
    "public.data": ANYBODY,
    "public.delete_data": ANYBODY,
    "public.leave_data": ANYBODY,
    "public.open_data": ANYBODY,
    "public.resume_data": ANYBODY,
    "public.suspend_data": ANYBODY,
    "desk.person_data": THOSE_WHO_CHANGE,
    "admin.protection": ADMINISTRATOR,
    "admin.breaches": ADMINISTRATOR,
    "admin.breach": ADMINISTRATOR,
    "admin.new_breach": ADMINISTRATOR,
    "admin.edit_breach": ADMINISTRATOR,
    "admin.tell_breach": ADMINISTRATOR,
    "admin.report_breach": ADMINISTRATOR,
    "admin.record_breach_call": ADMINISTRATOR,
    "admin.export_concerned": ADMINISTRATOR,
    "public.privacy": ANYBODY,
    "desk.show_contact": THOSE_WHO_CHANGE,
    "desk.correct_person": THOSE_WHO_CHANGE,
    "public.not_me": ANYBODY,
}

DOORS_TO_FIGURES = {
    "api.figures": KEY_HOLDERS,
    "public.open_figures": ANYBODY,
    "admin.figures_today": READERS,
    "admin.figures_now": READERS,
    "admin.figures_report": READERS,
    "admin.download_figures": READERS,
}
DOORS_TO_SETUP = dict.fromkeys(
    (
        *("admin.setup", "admin.try_setup", "admin.setup_office", "admin.setup_services", "admin.setup_hours"),
        *("admin.setup_holidays", "admin.setup_staff", "admin.setup_counters", "admin.new_office"),
        *("admin.new_service", "admin.zone", "admin.site_head", "admin.offering_letter", "admin.offering_use"),
        *("admin.copy_schedule", "admin.offering_name", "admin.service_order", "admin.move_service"),
    ),
    ADMINISTRATOR,
)
DOORS_TO_CALENDAR = dict.fromkeys(
    (
        "admin.calendar",
        "admin.calendar_changes",
        "admin.calendar_limit",
        "admin.calendar_week",
        "admin.change_calendar",
        "admin.copy_office_hours",
        "admin.copy_weekday",
        "admin.ramadan",
        "admin.releases",
        "admin.undo_calendar_change",
    ),
    ADMINISTRATOR,
)
DOORS_TO_WEBHOOKS = dict.fromkeys(
    (
        *("admin.webhooks", "admin.webhook", "admin.new_webhook", "admin.webhook_secret"),
        "admin.change_webhook",
        *("admin.switch_webhook_off", "admin.switch_webhook_on", "admin.try_webhook", "admin.webhook_delivery"),
        *("admin.send_webhook_again", "admin.change_webhook_secret"),
    ),
    ADMINISTRATOR,
)
DOORS_BY_PROVIDER = {
    **{f"staff.{name}": ANYBODY for name in ("to_provider", "back_from_provider", "link_account")},
    "staff.unlink_provider": STAFF,
}
DOORS_TO_TEXTS = dict.fromkeys(
    (
        *("admin.announcements", "admin.new_announcement", "admin.edit_announcement", "admin.end_announcement_now"),
        *("admin.message_texts", "admin.message_text"),
    ),
    ADMINISTRATOR,
)
DOORS_TO_ADDRESSES = dict.fromkeys(
    (
        *("admin.office_address", "admin.give_up_office_address", "admin.office_region"),
        *("admin.site_logo", "admin.remove_site_logo"),
    ),
    ADMINISTRATOR,
)
DOORS_TO_ROSTERS = dict.fromkeys(
    (
        *("admin.roster", "admin.new_shift", "admin.edit_shift", "admin.delete_shift", "admin.copy_roster"),
        *("admin.recording_kits", "admin.quota_advice"),
    ),
    ADMINISTRATOR,
)
DOORS_TO_TABLES = {
    f"admin.{name}": ADMINISTRATOR for name in ("imports", "import_table", "import_template", "exports", "export_table")
}
DOORS_TO_SURVEYS = {
    "public.survey": ANYBODY,
    "public.answer_survey": ANYBODY,
    **dict.fromkeys(("admin.survey_results", "admin.download_survey"), READERS),
    **dict.fromkeys(
        ("admin.survey_remarks", "admin.follow_remark_up", "admin.survey_by_mail", "admin.new_coverage"), ADMINISTRATOR
    ),
    **dict.fromkeys(("admin.coverage", "admin.download_coverage"), READERS),
    "api.survey": KEY_HOLDERS,
    **dict.fromkeys(("kiosk.survey_ticket", "kiosk.find_survey", "kiosk.survey", "kiosk.answer_survey"), KIOSKS),
}
DOORS_OF_PARTS = {
    **DOORS_TO_ADDRESSES,
    "site.logo": ANYBODY,
    **DOORS_TO_RECORDS,
    **DOORS_TO_DATA,
    **DOORS_TO_FIGURES,
    **DOORS_TO_SETUP,
    **DOORS_TO_CALENDAR,
    **DOORS_TO_WEBHOOKS,
    **DOORS_BY_PROVIDER,
    **DOORS_TO_TEXTS,
    **DOORS_TO_ROSTERS,
    **DOORS_TO_TABLES,
    **DOORS_TO_SURVEYS,
}
