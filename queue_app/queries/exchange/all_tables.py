"""Every table of the database: taken away here, elsewhere, or not at all, and why."""

from __future__ import annotations

from .hall_tables import HALL_TABLES
from .office_tables import OFFICE_TABLES
from .people_tables import PEOPLE_TABLES
from .plan_tables import PLAN_TABLES

TABLES = {table.name: table for table in (*HALL_TABLES, *OFFICE_TABLES, *PEOPLE_TABLES, *PLAN_TABLES)}
# Of the tables that no entry of `TABLES` tells; tests/queries/exchange/test_all_tables.py misses each that is new.
OTHERWISE = {
    "audit_entry": "taken away on its own page, narrowed by its own filter",
    "audit_seal": "only good for comparing, which the page of the audit log and `queue-app check` do",
    **dict.fromkeys(("day_figures", "day_count", "day_work", "day_refusal"), "taken away as reports, over any range"),
    **dict.fromkeys(("survey_answer", "survey_remark"), "taken away on their own page, without what leads to a visit"),
    "survey_mark": "that somebody has answered, so that nobody answers twice",
    "coverage": "taken away on its own page, as it was taken in",
    "message_text": "part of the set-up as a file",
    **dict.fromkeys(("breach", "breach_notice", "breach_service"), "those concerned are taken away from their breach"),
    **dict.fromkeys(("data_request", "data_proof"), "about one person each, and handed to that person alone"),
    **dict.fromkeys(
        ("quota_change_slot", "released_slot"), "hour by hour; the slots' own table tells what became of it"
    ),
    "webhook_delivery": "a few weeks of them, each on its page; they tell nothing that the audit log does not",
    "closure_service": "which services a closure names says its page; days and slots tell what it has closed",
    "holiday_year": "that a year is decided, which its holidays tell by their state",
    "site": "one row: title and colour, part of the set-up as a file",
    "site_logo": "a picture, which every page shows",
    "former_address": "on the page of an office's address; the audit log tells when it was left",
    **dict.fromkeys(
        ("staff_session", "password_reset", "second_factor", "recovery_code", "provider_account"), "secrets of log-ins"
    ),
    **dict.fromkeys(("attempt_count", "hall_device", "api_key_use"), "counts and marks without a name"),
    **dict.fromkeys(("key_check", "former_key"), "what tells whether keys fit"),
    **dict.fromkeys(("backup", "restoration"), "on the page of backups; lists files of the server"),
    **dict.fromkeys(("job_lease", "job_run", "clock_trust"), "how the program runs, not what the office does"),
    "line": "what a queue remembers of the calls of one day; visits and steps tell all of it",
    "offline_entry": "decided one by one at the desk; scans and steps tell what came of them",
}
