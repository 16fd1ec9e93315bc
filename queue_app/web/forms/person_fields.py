"""Name, NIK and telephone number as people type them: the same checks and words for citizens and for those who help."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput, GovInput
from wtforms import BooleanField, FieldList, StringField, ValidationError

from queue_app.domain.errors import DomainError
from queue_app.domain.identity import digits_of_nik, parse_name, parse_nik
from queue_app.domain.phones import parse_phone
from queue_app.domain.typing_errors import InvalidName
from queue_app.web.refusals.people import message_for
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import lazy_gettext as _l

NAME_MISSING = _l("Tulis nama lengkap orang yang akan datang.")
NIK_MISSING = _l("Tulis NIK orang yang akan datang.")


class PhoneInput(GovInput):
    input_type = "tel"


def check_nik(typed: str) -> None:
    """Raise ValidationError, as `check_phone`."""
    digits = digits_of_nik(typed)
    if digits.isdecimal() and len(digits) != 16:
        message = _("NIK harus 16 angka, tetapi yang tertulis %(count)s angka. Periksa yang kurang atau lebih.")
        raise ValidationError(message % {"count": len(digits)})
    _check(parse_nik, typed)


def check_phone(typed: str) -> None:
    _check(parse_phone, typed)


class PersonChecks:
    """For a form with the fields ``name`` and ``nik``. Asks about a name with digits, once one was typed."""

    name_confirmed = BooleanField(
        _l("Di KTP-el atau Kartu Keluarga memang tertulis dengan angka"), widget=GovCheckboxInput()
    )
    asks_about_name = False

    def validate_name(self, field: StringField) -> None:
        try:
            parse_name(field.data, confirmed=self.name_confirmed.data)
        except InvalidName as refusal:
            self.asks_about_name = refusal.details["reason"] == "digits"
            raise ValidationError(message_for(refusal)) from None

    def validate_nik(self, field: StringField) -> None:
        check_nik(field.data)


class PersonRows(FieldList):
    """Several persons as they stand on the page: looks for the few names there can be, whatever else is sent."""

    def _extract_indices(self, prefix: str, formdata: Mapping[str, object]) -> Iterator[int]:
        for index in range(self.max_entries):
            if any(f"{prefix}-{index}-{name}" in formdata for name in ("name", "nik")):
                yield index


def _check(parse: Callable[[str], object], typed: str) -> None:
    try:
        parse(typed)
    except DomainError as refusal:
        raise ValidationError(message_for(refusal)) from None
