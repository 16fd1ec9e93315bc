"""The base of all forms: messages in the reader's language, refusals at their field, GOV.UK's widgets."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

import wtforms
from flask import request
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovInput, GovPasswordInput, GovRadioInput
from werkzeug.datastructures import MultiDict
from wtforms import Field, FieldList, FormField, PasswordField

from queue_app.domain.errors import DomainError
from queue_app.domain.typed_text import cleaned
from queue_app.web.refusals.people import message_for
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import lazy_gettext as _l
from queue_app.web.site.language import ngettext

LONGEST_NUMBER = 18  # characters; what is cut off was far out of every range anyway
# What WTForms says by itself when a field brings no message of its own.
BUILT_IN = {
    "This field is required.": _l("Bagian ini harus diisi."),
    "Not a valid choice.": _l("Pilih salah satu yang tersedia."),
    "Not a valid choice": _l("Pilih salah satu yang tersedia."),
    "Invalid Choice: could not coerce.": _l("Pilih salah satu yang tersedia."),
    "Not a valid integer value.": _l("Tulis angka bulat."),
    "Not a valid date value.": _l("Tulis tanggal yang benar."),
    "Not a valid time value.": _l("Tulis jam yang benar, misalnya 08:00."),
    "Invalid email address.": _l("Tulis alamat email yang benar, misalnya nama@contoh.id."),
    "Field must be between %(min)d and %(max)d characters long.": _l("Tulis %(min)d sampai %(max)d karakter."),
    "Number must be between %(min)s and %(max)s.": _l("Tulis angka dari %(min)s sampai %(max)s."),
    "Number must be at least %(min)s.": _l("Tulis angka paling kecil %(min)s."),
    "Invalid input.": _l("Isian ini tidak dapat dipakai."),
}


class OfAnyField(str):
    """A message that does not say which field it is about: the summary has to."""

    __slots__ = ()

    def __mod__(self, values: Any) -> OfAnyField:
        return OfAnyField(super().__mod__(values))


class BuiltInMessages:
    """What WTForms expects of translations."""

    def gettext(self, message: str) -> str:
        return OfAnyField(BUILT_IN.get(message, message))

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        if "valid choice" in singular:
            return OfAnyField(_("Pilih salah satu yang tersedia."))
        if "at least" in singular:
            least = ngettext("Tulis paling sedikit %(min)d karakter.", "Tulis paling sedikit %(min)d karakter.", number)
            return OfAnyField(least)
        most = ngettext("Tulis paling banyak %(max)d karakter.", "Tulis paling banyak %(max)d karakter.", number)
        return OfAnyField(most)


class RowForm(wtforms.Form):
    """A row of a form's table: complains in the reader's language, as the form around it."""

    class Meta(wtforms.Form.Meta):
        def get_translations(self, form: Any) -> BuiltInMessages:
            return BuiltInMessages()


class OfficeForm(FlaskForm):
    """A form that checks shape; what the domain refuses comes back to the field it is about.

    ``refusal_fields`` maps a refusal's code to the name of its field: ``{"invalid_nik": "nik"}``.
    """

    refusal_fields: ClassVar[dict[str, str]] = {}

    class Meta(FlaskForm.Meta):
        def get_translations(self, form: Any) -> BuiltInMessages:
            return BuiltInMessages()

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """What is sent as JSON is no form: its values need not even be texts.

            The one place where all that people typed is cleaned, before any field or filter sees it. Passwords stay as
            they are: they were made so, perhaps with a character that nobody sees.
            """
            as_json = formdata is not None and request.is_json
            sent = request.form if as_json else super().wrap_formdata(form, formdata)
            return _cleaned(form, sent) if isinstance(sent, MultiDict) else sent

    def refuse(self, error: DomainError, field: str | None = None, zone: str | None = None) -> None:
        """Show a refusal at its field and in the summary; without a field, in the summary only."""
        name = field or self.refusal_fields.get(error.code)
        self.complain(message_for(error, zone), name)

    def complain(self, message: str, field: str | None = None) -> None:
        if field is None:
            self.form_errors.append(message)
        else:
            self[field].errors = [*self[field].errors, message]

    def error_items(self) -> list[dict[str, str]]:
        """What the error summary lists: the first complaint of each field, with a link to it."""
        items = [{"text": str(message)} for message in self.form_errors]
        return items + list(_field_errors(self))


class IntegerField(wtforms.IntegerField):
    """A whole number of a length that people write: the checks of a range cannot take one of any length."""

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata([typed[:LONGEST_NUMBER] for typed in valuelist])


def _cleaned(form: Iterable[Field], sent: MultiDict[str, Any]) -> MultiDict[str, Any]:
    secret = {field.name for field in form if isinstance(field, PasswordField)}
    return MultiDict(
        (name, cleaned(value) if isinstance(value, str) and name not in secret else value)
        for name, value in sent.items(multi=True)
    )


def _field_errors(fields: Iterable[Field]) -> Iterable[dict[str, str]]:
    for field in fields:
        if isinstance(field, FieldList | FormField):
            yield from _field_errors(field)
        elif field.errors:
            yield {"text": _with_its_name(field, field.errors[0]), "href": f"#{field.id}"}


def _with_its_name(field: Field, message: str) -> str:
    """Cells of a table have no label of their own; WTForms makes one of their name in the program."""
    label = str(field.label.text)
    made = field.short_name.replace("_", " ").title()
    return f"{label}: {message}" if isinstance(message, OfAnyField) and label not in ("", made) else str(message)


class PasswordInput(GovPasswordInput):
    def map_gov_params(self, field: Field, **kwargs: Any) -> dict[str, Any]:
        texts = {
            "showPasswordText": _("Tampilkan"),
            "hidePasswordText": _("Sembunyikan"),
            "showPasswordAriaLabelText": _("Tampilkan kata sandi"),
            "hidePasswordAriaLabelText": _("Sembunyikan kata sandi"),
            "passwordShownAnnouncementText": _("Kata sandi Anda terlihat"),
            "passwordHiddenAnnouncementText": _("Kata sandi Anda tersembunyi"),
        }
        params: dict[str, Any] = super().map_gov_params(field, **kwargs)
        return {**texts, **params}


class RadioInput(GovRadioInput):
    """Radios without the empty hint that the plain widget writes, and with an id the error summary can point to."""

    def map_gov_params(self, field: Field, **kwargs: Any) -> dict[str, Any]:
        params: dict[str, Any] = super().map_gov_params(field, **kwargs)
        if not field.description:
            params.pop("hint", None)
        return {"idPrefix": field.id, **params}


class DayInput(GovInput):
    """The browser's own date field, for staff."""

    input_type = "date"


class TimeInput(GovInput):
    """The browser's own time field, for staff."""

    input_type = "time"
