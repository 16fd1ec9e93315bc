"""The reason why a day is closed, which citizens read in their language."""

from __future__ import annotations

from collections import UserString
from typing import ClassVar

from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from wtforms import StringField
from wtforms.validators import InputRequired, Length, Optional

from queue_app.web.site.language import lazy_gettext as _l

from .office_form import OfficeForm
from .printed_text import can_be_printed
from .typed_text import trimmed

LONGEST = 200  # characters


class ClosingForm(OfficeForm):
    """For a form with the two fields ``reason_id`` and ``reason_en``, in that order."""

    refusal_fields: ClassVar[dict[str, str]] = {"reason_required": "reason_id"}


def reason_for_citizens(missing: str | UserString, hint: str | UserString = "") -> StringField:
    return StringField(
        _l("Alasan, dibaca warga"),
        description=hint,
        filters=[trimmed],
        validators=[InputRequired(missing), Length(max=LONGEST), can_be_printed],
        widget=GovTextInput(),
    )


def reason_in_english() -> StringField:
    return StringField(
        _l("Alasan dalam bahasa Inggris (boleh kosong)"),
        filters=[trimmed],
        validators=[Optional(), Length(max=LONGEST), can_be_printed],
        widget=GovTextInput(),
    )
