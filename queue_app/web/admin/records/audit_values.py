"""The names of the values that stand in the audit log: states, steps, roles, what came of printing."""

from __future__ import annotations

from typing import Any

from queue_app.domain.arrivals import IdentityResult
from queue_app.domain.booking import TicketState
from queue_app.domain.calendar import DayStatus
from queue_app.domain.reasons import ContactPurpose
from queue_app.domain.visits import StepKind, VisitState
from queue_app.web.access.role_names import ROLE_TITLES
from queue_app.web.printing.words import PROBLEMS
from queue_app.web.printing.words import STATES as PRINT_STATES
from queue_app.web.site.language import lazy_gettext as _l

STATES: dict[str, Any] = {
    TicketState.BOOKED: _l("dipesan"),
    TicketState.CHECKED_IN: _l("hadir"),
    TicketState.CANCELLED: _l("dibatalkan"),
    TicketState.RESCHEDULED: _l("dipindah"),
    TicketState.NO_SHOW: _l("tidak hadir"),
    VisitState.WAITING: _l("menunggu"),
    VisitState.CALLED: _l("dipanggil"),
    VisitState.IN_SERVICE: _l("dilayani"),
    VisitState.HELD: _l("ditunda"),
    VisitState.SERVED: _l("selesai"),
    VisitState.ABSENT: _l("dipanggil, tidak ada"),
    VisitState.DAY_ENDED: _l("hari berakhir"),
}
STEPS: dict[str, Any] = {
    StepKind.CALL: _l("dipanggil"),
    StepKind.RECALL: _l("dipanggil ulang"),
    StepKind.SKIP: _l("dilewati: tidak menjawab panggilan"),
    StepKind.ABSENT: _l("dicatat tidak ada"),
    StepKind.HOLD: _l("ditunda"),
    StepKind.RESUME: _l("dipanggil kembali"),
    StepKind.TRANSFER: _l("dialihkan"),
    StepKind.START: _l("mulai dilayani"),
    StepKind.FINISH: _l("selesai dilayani"),
    StepKind.MORE_TIME: _l("meminta waktu lagi"),
    StepKind.OUT_OF_ORDER: _l("didahulukan, di luar urutan"),
    StepKind.DAY_END: _l("hari pelayanan berakhir"),
    StepKind.UNDO: _l("diurungkan"),
}
IDENTITIES: dict[str, Any] = {
    IdentityResult.MATCHES: _l("cocok"),
    IdentityResult.TYPING_ERROR: _l("salah ketik"),
    IdentityResult.OTHER_PERSON: _l("bukan orangnya"),
}
CORRECTED: dict[str, Any] = {"name": _l("nama"), "phone": _l("nomor HP"), "email": _l("alamat email")}
STATUSES: dict[str, Any] = {
    DayStatus.OPEN: _l("buka"),
    DayStatus.CLOSED: _l("ditutup"),
    DayStatus.HOLIDAY: _l("libur"),
}
ROLES: dict[str, Any] = {str(role): title for role, title in ROLE_TITLES.items()}
PRINTS: dict[str, Any] = {str(name): words.short for name, words in (*PRINT_STATES.items(), *PROBLEMS.items())}
PURPOSES: dict[str, Any] = {
    ContactPurpose.REACH: _l("menghubungi orangnya"),
    ContactPurpose.COMPARE: _l("mencocokkan datanya"),
    ContactPurpose.RESTORE: _l("memulihkan yang hilang"),
}
