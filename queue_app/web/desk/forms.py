"""The forms of the front desk."""

from __future__ import annotations

import re
import secrets

from govuk_frontend_wtf.wtforms_widgets import GovSelect, GovTextInput
from wtforms import DateField, HiddenField, SelectChoice, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional, Regexp, ValidationError

from queue_app.domain.identity import holds_personal_number
from queue_app.domain.tickets import ALPHABET, CODE_LENGTH
from queue_app.web.forms import DayInput, OfficeForm
from queue_app.web.language import gettext as _
from queue_app.web.language import lazy_gettext as _l

EXPECTED, ARRIVED, ABSENT = "menunggu", "hadir", "absen"
STATES = (("", _l("Semua")), (EXPECTED, _l("Menunggu")), (ARRIVED, _l("Hadir")), (ABSENT, _l("Tidak hadir")))
SEARCH_MAX = 9  # a booking code with its dash; a queue number and initials are shorter


def new_nonce() -> str:
    return secrets.token_urlsafe(16)


def printable(typed: str | None) -> str:
    """Without the control characters that some scanners send around a code."""
    return "".join(character for character in typed or "" if character.isprintable()).strip()


class NonceForm(OfficeForm):
    """Made anew with each page; a repeated request carries the same nonce and changes nothing."""

    nonce = HiddenField(validators=[InputRequired(), Regexp(r"^[A-Za-z0-9_-]{16,64}\Z")])

    def validate_nonce(self, field: HiddenField) -> None:
        if holds_personal_number(field.data):
            raise ValidationError()  # it is stored, and no page of ours makes such a one


class ScanForm(NonceForm):
    code = StringField(filters=[printable], validators=[InputRequired(), Length(max=200)])


class SearchForm(OfficeForm):
    """Posted, and answered by a redirect: so a name or a NIK typed here reaches no address and no log."""

    day = DateField(_l("Tanggal"), validators=[InputRequired()], widget=DayInput())
    state = SelectField(
        _l("Keadaan"), choices=[SelectChoice(value, text) for value, text in STATES], widget=GovSelect()
    )
    search = StringField(
        _l("Kode, nomor antrean, atau inisial"), filters=[printable], validators=[Optional()], widget=GovTextInput()
    )

    def validate_search(self, field: StringField) -> None:
        typed = field.data or ""
        if holds_personal_number(typed) or sum(character.isdigit() for character in typed) > CODE_LENGTH:
            field.data = ""  # it must not come back in the page either
            raise ValidationError(
                _("Jangan ketik NIK atau nomor HP. Cari dengan kode pemesanan, nomor antrean, atau inisial nama.")
            )


def search_text(typed: str) -> str:
    """What may stand in an address: a code, a number or initials. Of what looks like a name the initials remain."""
    words = re.findall(r"[^\W_]+", typed.upper())
    is_name = any(_is_name(word) for word in words) and all(word.isalpha() for word in words)
    return "".join(word[0] for word in words)[:SEARCH_MAX] if is_name else " ".join(typed.split())[:SEARCH_MAX]


def _is_name(word: str) -> bool:
    """Letters only, and neither initials nor the half or whole of a booking code."""
    return len(word) > 3 and not (len(word) in {4, 8} and set(word) <= set(ALPHABET))
