"""The forms and the words of a counter."""

from __future__ import annotations

from typing import ClassVar

from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from wtforms import RadioField, SelectChoice, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from queue_app.domain.arrivals import IdentityResult
from queue_app.domain.visits import Outcome, StepKind
from queue_app.web.forms.office_form import OfficeForm
from queue_app.web.forms.once import NonceField, OnceForm
from queue_app.web.forms.typed_text import trimmed
from queue_app.web.hall.outcome_words import OUTCOMES
from queue_app.web.site.language import lazy_gettext as _l

IDENTITIES = {
    IdentityResult.MATCHES: (_l("Orangnya cocok"), "i"),
    IdentityResult.TYPING_ERROR: (_l("Salah ketik"), "e"),
    IdentityResult.OTHER_PERSON: (_l("Bukan orangnya"), "b"),
}
STEPS = {
    StepKind.CALL: _l("Panggil"),
    StepKind.RECALL: _l("Panggil ulang"),
    StepKind.SKIP: _l("Lewati"),
    StepKind.ABSENT: _l("Lewati"),
    StepKind.HOLD: _l("Tunda"),
    StepKind.RESUME: _l("Panggil kembali"),
    StepKind.TRANSFER: _l("Alihkan"),
    StepKind.START: _l("Mulai"),
    StepKind.FINISH: _l("Selesai"),
}


class IdentityForm(OnceForm):
    result = SelectField(choices=[SelectChoice(value.value, text) for value, (text, _key) in IDENTITIES.items()])


class OutcomeForm(OnceForm):
    outcome = SelectField(
        choices=[SelectChoice(outcome.value, text) for outcome, text in OUTCOMES.items()], default=Outcome.DONE.value
    )


class TransferForm(OnceForm):
    """``service:3`` or ``counter:2``."""

    target = SelectField(_l("Alihkan ke"), validators=[InputRequired()])


class PauseForm(OfficeForm):
    refusal_fields: ClassVar[dict[str, str]] = {"reason_required": "reason"}

    reason = StringField(
        _l("Alasan jeda"), filters=[trimmed], validators=[Optional(), Length(max=300)], widget=GovTextInput()
    )


class RevisitForm(OnceForm):
    starts_at = RadioField(_l("Jam kedatangan berikutnya"), validators=[InputRequired()])
    nonce = NonceField(name="request_key")
