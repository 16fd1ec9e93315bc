"""Name, NIK and telephone number as people type them: the same checks and words for citizens and for those who help."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from govuk_frontend_wtf.wtforms_widgets import GovInput
from wtforms import FieldList, StringField, ValidationError

from queue_app.domain.errors import DomainError
from queue_app.domain.identity import parse_name, parse_nik, parse_phone
from queue_app.web.refusals.people import message_for
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import lazy_gettext as _l

NAME_MISSING = _l("Tulis nama lengkap orang yang akan datang.")
NIK_MISSING = _l("Tulis NIK orang yang akan datang.")


class PhoneInput(GovInput):
    input_type = "tel"


def check_name(typed: str) -> None:
    """All of these raise ValidationError."""
    _check(parse_name, typed)


def check_nik(typed: str) -> None:
    digits = re.sub(r"[\s.\-\u2010-\u2015]", "", typed)
    if digits.isdecimal() and len(digits) != 16:
        message = _("NIK harus 16 angka, tetapi yang tertulis %(count)s angka. Periksa yang kurang atau lebih.")
        raise ValidationError(message % {"count": len(digits)})
    _check(parse_nik, typed)


def check_phone(typed: str) -> None:
    _check(parse_phone, typed)


class PersonChecks:
    """For a form with the fields ``name`` and ``nik``."""

    def validate_name(self, field: StringField) -> None:
        check_name(field.data)

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
