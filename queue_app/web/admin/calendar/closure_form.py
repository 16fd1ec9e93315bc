"""The form of a closure: when, what, why, and what those concerned are offered."""

from __future__ import annotations

from collections.abc import Container
from typing import Any

from flask import request
from govuk_frontend_wtf.wtforms_widgets import GovCheckboxesInput, GovCheckboxInput, GovTextInput
from wtforms import BooleanField, SelectMultipleField
from wtforms.validators import InputRequired, NumberRange, Optional

from queue_app.domain.closures import (
    EXTRA_PLACES_MAX,
    HOLD_HOURS_MAX,
    PRECEDENCE_DAYS_MAX,
    ClosedTime,
    InvalidClosure,
    OfferTerms,
)
from queue_app.domain.errors import DomainError
from queue_app.models import Closure, OfficeService
from queue_app.services.calendar.closures import NewClosure
from queue_app.web.admin.forms import ClockField
from queue_app.web.forms.closing_form import ClosingForm, reason_for_citizens, reason_in_english
from queue_app.web.forms.days import DayField, read_clock, read_day
from queue_app.web.forms.office_form import IntegerField
from queue_app.web.site.language import in_language
from queue_app.web.site.language import lazy_gettext as _l

FIELD_OF_REASON = {
    "date_range": "last_day",
    "past_date": "first_day",
    "too_long": "last_day",
    "hours": "ends_at",
    "services": "services",
}


class TermsForm(ClosingForm):
    """What a closure offers; the form of a holiday asks the same."""

    other_offices = BooleanField(
        _l("Tawarkan juga tempat di kantor lain, kalau di kantor ini tidak ada lagi"), widget=GovCheckboxInput()
    )
    extra_places = IntegerField(
        _l("Tambah tempat di luar kuota, paling banyak per jam"),
        description=_l("Hanya untuk yang terdampak. 0 berarti tidak ditambah."),
        default=0,
        validators=[Optional(), NumberRange(0, EXTRA_PLACES_MAX)],
        widget=GovTextInput(),
    )
    hold_hours = IntegerField(
        _l("Simpan tempat pengganti selama, jam"),
        description=_l(
            "Paling lama sampai dua jam sebelum tempat itu mulai. Sesudah itu tempatnya untuk umum lagi; warga tetap "
            "dapat memilih yang lain."
        ),
        default=OfferTerms.hold_hours,
        validators=[Optional(), NumberRange(1, HOLD_HOURS_MAX)],
        widget=GovTextInput(),
    )
    precedence_days = IntegerField(
        _l("Yang belum dapat tempat boleh memilih lebih dulu selama, hari"),
        default=OfferTerms.precedence_days,
        validators=[Optional(), NumberRange(0, PRECEDENCE_DAYS_MAX)],
        widget=GovTextInput(),
    )

    @property
    def terms(self) -> OfferTerms:
        """An empty field is as good as untouched."""
        plain = OfferTerms()

        def number(field: Any, otherwise: int) -> int:
            return field.data if field.data is not None else otherwise

        return OfferTerms(
            other_offices=bool(self.other_offices.data),
            extra_places=number(self.extra_places, plain.extra_places),
            hold_hours=number(self.hold_hours, plain.hold_hours),
            precedence_days=number(self.precedence_days, plain.precedence_days),
        )


class ClosureForm(TermsForm):
    first_day = DayField(_l("Hari"), validators=[InputRequired()])
    last_day = DayField(
        _l("Sampai hari (boleh kosong)"),
        description=_l("Kosongkan kalau hanya satu hari."),
        validators=[Optional()],
    )
    starts_at = ClockField(
        _l("Dari pukul (boleh kosong)"),
        description=_l("Kosongkan kedua jam kalau tutup sepanjang hari."),
        validators=[Optional()],
        widget=GovTextInput(),
    )
    ends_at = ClockField(_l("Sampai pukul (boleh kosong)"), validators=[Optional()], widget=GovTextInput())
    only_dropped = BooleanField(
        _l("Hanya jam yang sudah ditiadakan dari jadwal; jam lain tetap melayani"), widget=GovCheckboxInput()
    )
    services = SelectMultipleField(
        _l("Layanan yang tutup"),
        description=_l("Tidak ada yang dicentang berarti semua layanan kantor ini."),
        coerce=int,
        validators=[Optional()],
        widget=GovCheckboxesInput(),
    )
    reason_id = reason_for_citizens(
        _l("Tulis alasannya, supaya warga tahu mengapa tidak dilayani."),
        _l("Misalnya: Pemeliharaan jaringan. Jangan tulis nama, NIK, atau nomor HP."),
    )
    reason_en = reason_in_english()

    @property
    def closure(self) -> NewClosure:
        time = ClosedTime(
            first_day=self.first_day.data,
            last_day=self.last_day.data or self.first_day.data,
            starts_at=self.starts_at.data,
            ends_at=self.ends_at.data,
            services=frozenset(self.services.data or ()),
            only_dropped=bool(self.only_dropped.data),
        )
        return NewClosure(time, self.reason_id.data, self.reason_en.data or "", terms=self.terms)

    def refuse(self, error: DomainError, field: str | None = None, zone: str | None = None) -> None:
        if isinstance(error, InvalidClosure):
            field = FIELD_OF_REASON.get(error.details["reason"])
        super().refuse(error, field, zone)


def closure_form(offerings: list[OfficeService], present: dict[str, Any] | None = None) -> ClosureForm:
    """``present``: what stands in it when it is opened."""
    form = ClosureForm(data=present) if present else ClosureForm()
    form.services.choices = [(one.service_id, in_language(one.service, "name")) for one in offerings]
    return form


def asked_closure(known: Container[int]) -> dict[str, Any] | None:
    """What an address names, of the services that the office gives; None where it names no day."""
    day = read_day(request.args.get("hari", ""))
    services = [one for one in request.args.getlist("layanan", type=int) if one in known]
    asked = {
        "first_day": day,
        "last_day": read_day(request.args.get("sampai", "")),
        "starts_at": read_clock(request.args.get("jam", "")),
        "ends_at": read_clock(request.args.get("hingga", "")),
        "services": services,
    }
    return asked if day else None


def values_of(closure: Closure) -> dict[str, Any]:
    names = ("first_day", "starts_at", "ends_at", "only_dropped", "reason_id")
    terms = ("other_offices", "extra_places", "hold_hours", "precedence_days")
    values = {name: getattr(closure, name) for name in (*names, *terms)}
    return values | {
        "last_day": closure.last_day if closure.last_day != closure.first_day else None,
        "reason_en": closure.reason_en if closure.reason_en != closure.reason_id else "",
        "services": sorted(closure.time.services),
    }
