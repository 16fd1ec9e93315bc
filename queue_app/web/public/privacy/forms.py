"""The few fields of the pages around one's own data."""

from __future__ import annotations

from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from wtforms import RadioField, SelectChoice, StringField
from wtforms.validators import InputRequired, Length

from queue_app.domain.data_rights import RequestKind
from queue_app.web.forms.office_form import OfficeForm, RadioInput
from queue_app.web.forms.typed_text import trimmed
from queue_app.web.privacy.trace_words import REQUESTS
from queue_app.web.site.language import lazy_gettext as _l


class DataCodeForm(OfficeForm):
    data_code = StringField(
        _l("Kode 8 angka"),
        description=_l("Dari email atau pesan yang kami kirim, misalnya 1234 5678"),
        filters=[trimmed],
        validators=[InputRequired(_l("Tulis kode dari email atau pesan itu.")), Length(max=40)],
        widget=GovTextInput(),
    )


class AskOfficeForm(OfficeForm):
    """For whoever no code reaches: the office answers when they come with their card."""

    kind = RadioField(
        _l("Apa yang Anda minta?"),
        choices=[SelectChoice(kind.value, REQUESTS[kind]) for kind in RequestKind],
        validators=[InputRequired(_l("Pilih apa yang Anda minta."))],
        widget=RadioInput(),
    )
