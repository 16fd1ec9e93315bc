"""The form of a webhook, and the filter of its deliveries."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import g
from govuk_frontend_wtf.wtforms_widgets import GovCheckboxesInput, GovSelect, GovTextInput
from wtforms import SelectChoice, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from queue_app.db import db
from queue_app.domain.errors import DomainError
from queue_app.domain.webhooks import ADDRESS_MAX, NAME_MAX, read_address, read_name
from queue_app.models import DeliveryState, Webhook
from queue_app.queries.records.webhooks import Reach, keys_in_force
from queue_app.services.records.webhooks import NewWebhook
from queue_app.web.forms.office_form import OfficeForm, RadioInput
from queue_app.web.forms.row_numbers import row_number_or_none
from queue_app.web.forms.typed_text import trimmed
from queue_app.web.refusals.people import message_for
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import lazy_gettext as _l

from .webhook_words import EVENTS, STATES, TYPES

HERE, EVERYWHERE = "here", "everywhere"


def _read(reader: Any, typed: str) -> None:
    try:
        reader(typed)
    except DomainError as refusal:
        raise ValidationError(message_for(refusal)) from None


class WebhookForm(OfficeForm):
    refusal_fields: ClassVar[dict[str, str]] = {"invalid_webhook": "address"}

    partner = StringField(
        _l("Nama mitra"),
        description=_l("Siapa yang menerima, misalnya Dinas Kominfo."),
        filters=[trimmed],
        validators=[InputRequired(), Length(max=NAME_MAX)],
        widget=GovTextInput(),
    )
    address = StringField(
        _l("Alamat penerima"),
        description=_l("Diawali https://. Tanyakan kepada mitra."),
        filters=[trimmed],
        validators=[InputRequired(), Length(max=ADDRESS_MAX)],
        widget=GovTextInput(),
    )
    where = SelectField(_l("Kejadian dari"), widget=RadioInput())
    events = SelectMultipleField(
        _l("Yang dikirim"),
        description=_l("Tanpa nama, NIK, atau kontak siapa pun."),
        choices=[SelectChoice(event.value, said) for event, said in EVENTS.items()],
        validators=[InputRequired(_l("Pilih paling sedikit satu kejadian."))],
        widget=GovCheckboxesInput(),
    )
    api_key = SelectField(
        _l("Kunci API mitra ini"),
        description=_l("Untuk pemesanan yang dibuat dengan kunci itu, kode pemesanannya ikut dikirim."),
        widget=GovSelect(),
    )

    def __init__(self, reach: Reach, webhook: Webhook | None = None) -> None:
        """``webhook``: one that is changed, and keeps its office."""
        super().__init__(data=_as_it_is(webhook) if webhook else {})
        here = [SelectChoice(HERE, g.staff.office_name)]
        self.where.choices = here + ([SelectChoice(EVERYWHERE, _("Semua kantor"))] if reach.everywhere else [])
        if not self.is_submitted():
            self.where.data = HERE
        if webhook:
            del self.where
        keys = [SelectChoice(str(key.id), key.name) for key in keys_in_force(db.session())]
        self.api_key.choices = [SelectChoice("", _("Tidak ada")), *keys]

    def validate_partner(self, field: StringField) -> None:
        _read(read_name, field.data)

    def validate_address(self, field: StringField) -> None:
        _read(read_address, field.data)

    def wanted(self) -> NewWebhook:
        """Of a form that was validated."""
        return NewWebhook(
            partner=self.partner.data,
            address=self.address.data,
            events=self.events.data,
            office_id=None if self.where and self.where.data == EVERYWHERE else g.staff.office_id,
            api_key_id=row_number_or_none(self.api_key.data),
        )


def _as_it_is(webhook: Webhook) -> dict[str, Any]:
    return {
        "partner": webhook.partner,
        "address": webhook.address,
        "events": webhook.events.split(","),
        "api_key": str(webhook.api_key_id or ""),
    }


class DeliveryFilterForm(OfficeForm):
    """Its names are those of the address; what is not known there filters nothing."""

    class Meta(OfficeForm.Meta):
        csrf = False  # it only reads

    keadaan = SelectField(_l("Keadaan"), widget=GovSelect())
    kejadian = SelectField(_l("Kejadian"), widget=GovSelect())

    def __init__(self, *sent: Any, **options: Any) -> None:
        super().__init__(*sent, **options)
        everything = SelectChoice("", _("Semua"))
        self.keadaan.choices = [everything, *(SelectChoice(state.value, said) for state, (said, _k) in STATES.items())]
        self.kejadian.choices = [everything, *(SelectChoice(name, name) for name in TYPES)]
        for field in (self.keadaan, self.kejadian):
            if field.data not in [choice.value for choice in field.choices]:
                field.data = ""

    def wanted(self) -> dict[str, Any]:
        """As `deliveries_of` takes it."""
        return {"state": DeliveryState(self.keadaan.data) if self.keadaan.data else None, "event": self.kejadian.data}

    def in_address(self) -> dict[str, str]:
        return {name: self[name].data for name in ("keadaan", "kejadian") if self[name].data}
