"""The filter of the audit log, read from its form and from the address, in which nobody's name or number may stand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from flask import g
from govuk_frontend_wtf.wtforms_widgets import GovSelect, GovTextInput
from werkzeug.datastructures import MultiDict
from wtforms import SelectChoice, SelectField, StringField
from wtforms.validators import Length, Optional, ValidationError

from queue_app.db import db
from queue_app.domain.clock import office_date, office_instant
from queue_app.domain.errors import DomainError
from queue_app.domain.finding import Search, Sought, read_search
from queue_app.domain.identity import holds_personal_number
from queue_app.domain.roles import Actor, Permission
from queue_app.models import Office
from queue_app.models.audit import REVEALING
from queue_app.queries.access.kiosks import devices_of
from queue_app.queries.access.permitted import offices_permitted
from queue_app.queries.access.staff import staff_of
from queue_app.queries.records.audit import AuditFilter
from queue_app.queries.records.audit_ticket import About, subjects_of_ticket
from queue_app.services.access.api_keys import all_keys
from queue_app.web.forms.days import DayField
from queue_app.web.forms.office_form import OfficeForm
from queue_app.web.forms.row_numbers import row_number
from queue_app.web.forms.typed_text import trimmed
from queue_app.web.request import keyring, now
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import lazy_gettext as _l

REVEALED = "pembukaan"
KINDS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "": (_l("Semua"), ()),
    REVEALED: (_l("Data pribadi dibuka: kontak, NIK, daftar"), REVEALING),
    "day.": (_l("Hari: kuota, penutupan"), ("day.", "slot.", "closure.", "hour.", "override.")),
    "schedule.": (_l("Jadwal"), ("schedule.",)),
    "offering.": (_l("Layanan"), ("offering.",)),
    "holiday.": (_l("Hari libur"), ("holiday.", "holidays.")),
    "staff.": (_l("Petugas"), ("staff.",)),
    "device.": (_l("Kios"), ("device.",)),
    "ticket.": (_l("Tiket"), ("ticket.",)),
    "visit.": (_l("Kunjungan"), ("visit.",)),
    "counter.": (_l("Loket"), ("counter.",)),
    "office.": (_l("Gangguan, aturan panggilan"), ("office.",)),
    "print": (_l("Pencetakan"), ("print.", "printer.")),
    "booking.": (_l("Pemesanan: kontak, perbaikan, masa simpan"), ("booking.",)),
    "data.": (_l("Hak atas data"), ("data.",)),
    "breach.": (_l("Kegagalan pelindungan data"), ("breach.",)),
    "purge.": (_l("Bukti penghapusan"), ("purge.",)),
    "audit.": (_l("Unduhan jejak audit"), ("audit.",)),
    "table.": (_l("Impor dan ekspor tabel"), ("table.",)),
    "api_key.": (_l("Mitra (kunci API, webhook)"), ("api_key.", "webhook.")),
}
REASON_MIN = 3


class AuditFilterForm(OfficeForm):
    """Its names are those of the address. ``office``: the one whose log is read, of those that the reader may read."""

    tindakan = SelectField(
        _l("Tindakan"), choices=[SelectChoice(kind, said) for kind, (said, _actions) in KINDS.items()]
    )
    pelaku = SelectField(_l("Pelaku"))
    kantor = SelectField(_l("Kantor"))
    dari = DayField(_l("Dari tanggal"), validators=[Optional()])
    sampai = DayField(_l("Sampai tanggal"), validators=[Optional()])
    tiket = StringField(
        _l("Kode atau nomor antrean"), filters=[trimmed], validators=[Length(max=40)], widget=GovTextInput()
    )
    alasan = StringField(_l("Kata dalam alasan"), filters=[trimmed], validators=[Length(max=60)], widget=GovTextInput())

    def __init__(self, *sent: MultiDict[str, str], **options: Any) -> None:
        super().__init__(*sent, **options)
        for field in (self.tindakan, self.pelaku, self.kantor):
            field.widget = GovSelect()
        self.offices = offices_permitted(db.session(), g.staff.staff_id, Permission.VIEW_AUDIT)
        self.kantor.choices = [SelectChoice(str(office.id), office.name) for office in self.offices]
        here = [office for office in self.offices if str(office.id) == self.kantor.data]
        self.office: Office = next(iter(here or [one for one in self.offices if one.id == g.staff.office_id]))
        self.pelaku.choices = [SelectChoice("", _("Siapa pun")), *_actors(self.office.id)]
        for field in (self.tindakan, self.pelaku, self.kantor):
            if field.data not in [choice.value for choice in field.choices]:
                field.data = str(self.office.id) if field is self.kantor else ""  # of a bent address, or none
        self._sought: Search | None = None
        self._about: About = ()
        self._day: date | None = None  # of a ticket that is asked for by its number: it narrows nothing else

    def validate_sampai(self, field: DayField) -> None:
        if self.dari.data and field.data and field.data < self.dari.data:
            raise ValidationError(_("Tanggal akhir harus sesudah tanggal awal."))

    def validate_tiket(self, field: StringField) -> None:
        if not field.data:
            return
        try:
            self._sought = read_search(field.data, keyring().read_ticket_token)
        except DomainError:
            self._sought = None
        if self._sought is None or self._sought.kind not in (Sought.CODE, Sought.NUMBER):
            raise ValidationError(_("Tulis kode pemesanan, atau nomor antrean hari itu, misalnya A-012."))
        day = self.dari.data or office_date(now(), self.office.time_zone)
        self._day = day if self._sought.kind is Sought.NUMBER else None
        self._about = subjects_of_ticket(db.session(), self.office.id, self._sought, day)
        if not self._about:
            raise ValidationError(_("Tiket itu tidak ada di kantor ini. Untuk nomor antrean, isi tanggalnya."))

    def validate_alasan(self, field: StringField) -> None:
        if field.data and holds_personal_number(field.data):
            raise ValidationError(_("Jangan tulis NIK atau nomor HP."))
        if field.data and len(field.data) < REASON_MIN:
            raise ValidationError(_("Tulis paling sedikit tiga huruf."))

    def wanted(self) -> AuditFilter:
        """Of a form that was validated."""
        first = None if self._day else self.dari.data
        after = None if self._day or not self.sampai.data else self.sampai.data + timedelta(days=1)
        return AuditFilter(
            office_id=self.office.id,
            kinds=KINDS[self.tindakan.data][1],
            staff_id=row_number(self.pelaku.data) if self.pelaku.data.isdigit() else None,
            program=self.pelaku.data if ":" in self.pelaku.data else None,
            since=self._midnight(first),
            until=self._midnight(after),
            about=self._about,
            reason=self.alasan.data or "",
        )

    def _midnight(self, day: date | None) -> datetime | None:
        return office_instant(day, time.min, self.office.time_zone) if day else None

    def in_address(self) -> dict[str, Any]:
        """What of it stands in an address: what was asked, and a ticket by its code or number alone."""
        sent = {name: str(self[name].data or "") for name in ("tindakan", "pelaku", "dari", "sampai", "alasan")}
        if self.office.id != g.staff.office_id:
            sent["kantor"] = str(self.office.id)
        if self._sought is not None:
            sought = self._sought
            sent["tiket"] = sought.text or f"{sought.letter}{sought.number}"
        if self._day is not None:
            sent["dari"] = self._day.isoformat()
        return {name: value for name, value in sent.items() if value}


def _actors(office_id: int) -> Iterator[SelectChoice]:
    """Staff by their ids, kiosks and partners as the log names them."""
    session = db.session()
    yield from (SelectChoice(str(one.id), one.name) for one in staff_of(session, office_id))
    for device in devices_of(session, office_id):
        yield SelectChoice(Actor.device(device.id).label, _("Kios %(name)s") % {"name": device.name})
    for key in all_keys(session):
        yield SelectChoice(Actor.api_key(key.id).label, _("Mitra %(name)s") % {"name": key.name})
