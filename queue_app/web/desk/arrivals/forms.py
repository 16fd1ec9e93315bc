"""The forms of the front desk."""

from __future__ import annotations

import re

from govuk_frontend_wtf.wtforms_widgets import GovSelect, GovTextInput
from wtforms import HiddenField, SelectField, StringField
from wtforms.validators import AnyOf, InputRequired, Length, Optional, Regexp, ValidationError

from queue_app.domain.identity import Nik, holds_personal_number, parse_nik
from queue_app.domain.scanners import LONGEST
from queue_app.domain.tickets import ALPHABET, CODE_LENGTH
from queue_app.domain.typing_errors import InvalidNik
from queue_app.queries.arrivals.arrival import ArrivalState
from queue_app.web.forms.days import DayField
from queue_app.web.forms.office_form import OfficeForm
from queue_app.web.forms.once import OnceForm
from queue_app.web.forms.row_numbers import row_number_or_none
from queue_app.web.forms.typed_text import printable
from queue_app.web.refusals.people import message_for
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import lazy_gettext as _l

# As they stand in addresses, in the order of a visit.
STATES = {
    "menunggu": ArrivalState.EXPECTED,
    "hadir": ArrivalState.ARRIVED,
    "dilayani": ArrivalState.IN_SERVICE,
    "selesai": ArrivalState.SERVED,
    "absen": ArrivalState.ABSENT,
    "tidak-dilayani": ArrivalState.NOT_SERVED,
}
NAMES = {
    ArrivalState.EXPECTED: _l("Belum datang"),
    ArrivalState.ARRIVED: _l("Hadir"),
    ArrivalState.IN_SERVICE: _l("Dilayani"),
    ArrivalState.SERVED: _l("Sudah selesai"),
    ArrivalState.ABSENT: _l("Tidak hadir"),
    ArrivalState.NOT_SERVED: _l("Tidak dilayani"),
}
NIK_ALONE = re.compile(r"(?:[0-9][\s.\-\u2010-\u2015]*){16}")
SEARCH_MAX = 9  # a booking code with its dash; a queue number and initials are shorter


class ScanForm(OnceForm):
    code = StringField(filters=[printable], validators=[InputRequired(), Length(max=LONGEST)])


class SearchForm(OfficeForm):
    """Posted, and answered by a redirect: so a name or a NIK typed here reaches no address and no log.

    A NIK is taken out of the field at once: it is in ``nik`` then, and the page cannot give it back.
    """

    nik: Nik | None = None

    day = DayField(_l("Tanggal"), validators=[InputRequired()])
    state = HiddenField(validators=[Optional(), AnyOf([*STATES])])
    service = SelectField(
        _l("Layanan"),
        coerce=row_number_or_none,
        choices=[],
        validate_choice=False,
        validators=[Optional()],
        widget=GovSelect(),
    )
    hour = SelectField(
        _l("Jam"),
        choices=[],
        validate_choice=False,
        validators=[Optional(), Regexp(r"^[0-9]{2}\.[0-9]{2}\Z")],
        widget=GovSelect(),
    )
    search = StringField(
        _l("Kode, nomor antrean, inisial, atau NIK"),
        filters=[printable],
        validators=[Optional()],
        widget=GovTextInput(),
    )

    def validate_search(self, field: StringField) -> None:
        typed = field.data or ""
        if not holds_personal_number(typed) and sum(character.isdigit() for character in typed) <= CODE_LENGTH:
            return
        field.data = ""  # it must not come back in the page either
        if not NIK_ALONE.fullmatch(typed):
            raise ValidationError(
                _("Jangan ketik nomor HP. Cari dengan kode pemesanan, nomor antrean, inisial nama, atau NIK.")
            )
        try:
            self.nik = parse_nik(typed)
        except InvalidNik as refusal:
            raise ValidationError(message_for(refusal)) from None


def search_text(typed: str) -> str:
    """What may stand in an address: a code, a number or initials. Of what looks like a name the initials remain."""
    words = re.findall(r"[^\W_]+", typed.upper())
    is_name = any(_is_name(word) for word in words) and all(word.isalpha() for word in words)
    return "".join(word[0] for word in words)[:SEARCH_MAX] if is_name else " ".join(typed.split())[:SEARCH_MAX]


def _is_name(word: str) -> bool:
    """Letters only, and neither initials nor the half or whole of a booking code."""
    return len(word) > 3 and not (len(word) in {4, 8} and set(word) <= set(ALPHABET))
