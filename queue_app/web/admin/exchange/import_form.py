"""The form with which a table is sent in: first to be looked at, then to be carried out."""

from __future__ import annotations

from typing import Any, ClassVar

from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput, GovFileInput
from werkzeug.datastructures import FileStorage
from wtforms import BooleanField, FileField, HiddenField

from queue_app.domain.exchange.columns import ImportKind
from queue_app.domain.reasons import read_reason
from queue_app.web.admin.forms import reason_field
from queue_app.web.forms.office_form import OfficeForm
from queue_app.web.site.language import lazy_gettext as _l

WITH_REASON = (ImportKind.SERVICES, ImportKind.HOLIDAYS)


class ImportForm(OfficeForm):
    """``seen``: of which file it was shown what it would do. No file is kept in between, so it is sent twice."""

    refusal_fields: ClassVar[dict[str, str]] = {"file_refused": "file", "reason_required": "reason"}

    file = FileField(_l("Berkas CSV atau XLSX"), widget=GovFileInput())
    # Looked at by the service: nothing that was sent may go unlooked at because there is no reason.
    reason = reason_field()
    tells = BooleanField(_l("Kirimkan tiket kepada warga yang punya email"), widget=GovCheckboxInput())
    seen = HiddenField()
    run = BooleanField(_l("Jalankan impor ini"), widget=GovCheckboxInput())

    def __init__(self, kind: ImportKind, **options: Any) -> None:
        super().__init__(**options)
        if kind not in WITH_REASON:
            del self.reason
        if kind is not ImportKind.BOOKINGS:
            del self.tells

    def content(self) -> bytes:
        """Empty where no file was chosen. Small enough to be in memory: nothing larger is taken in at all."""
        sent = self.file.data
        return sent.read() if isinstance(sent, FileStorage) else b""

    def given_reason(self) -> str:
        """Raises ReasonRequired where one is needed."""
        return read_reason(self.reason.data or "") if "reason" in self else ""
