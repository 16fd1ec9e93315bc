"""Forms: built-in messages in the reader's language, refusals at their field, nothing typed is lost."""

from collections.abc import Iterator
from typing import ClassVar

import pytest
from flask import Flask, g, render_template_string
from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from werkzeug.datastructures import MultiDict
from wtforms import IntegerField, PasswordField, RadioField, SelectChoice, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from queue_app.domain.errors import SlotFull
from queue_app.domain.typing_errors import InvalidNik
from queue_app.web.forms.office_form import DayInput, OfficeForm, PasswordInput, RadioInput
from queue_app.web.site.language import lazy_gettext as _l

PAGE = """{% from "components/page.html" import page_title, error_summary %}
<title>{{ page_title("Data", form) }}</title>{{ error_summary(form) }}
{{ form.name }}{{ form.nik }}{{ form.again }}{{ form.secret }}{{ form.day }}"""


class Details(OfficeForm):
    refusal_fields: ClassVar[dict[str, str]] = {"invalid_nik": "nik"}

    name = StringField(_l("Kembali"), validators=[InputRequired(), Length(max=5)], widget=GovTextInput())
    nik = StringField("NIK", validators=[InputRequired(_l("Bagian ini harus diisi."))], widget=GovTextInput())
    again = RadioField("Pernah?", choices=[SelectChoice("y", "Ya"), SelectChoice("n", "Belum")], widget=RadioInput())
    places = IntegerField("Kuota", validators=[NumberRange(0, 50)], default=1)
    secret = PasswordField("Rahasia", widget=PasswordInput())
    day = StringField("Hari", widget=DayInput())


@pytest.fixture
def english(app: Flask) -> Iterator[None]:
    app.config["WTF_CSRF_ENABLED"] = False
    with app.test_request_context(method="POST"):
        g.language = "en"
        yield


@pytest.mark.usefixtures("english")
def test_messages_and_labels_follow_the_reader() -> None:
    form = Details(MultiDict({"name": "", "nik": "", "again": "z", "places": "x"}))
    assert not form.validate()
    assert str(form.name.errors[0]) == "This must be filled in."
    assert str(form.nik.errors[0]) == "This must be filled in."
    assert str(form.again.errors[0]) == "Choose one of those available."
    assert str(form.places.errors[0]) == "Enter a whole number."
    assert str(form.name.label.text) == "Back"
    g.language = "id"
    assert str(form.nik.errors[0]) == "Bagian ini harus diisi."


@pytest.mark.usefixtures("english")
def test_limits_are_named() -> None:
    form = Details(MultiDict({"name": "Wahyuni", "nik": "1", "again": "y", "places": "51"}))
    assert not form.validate()
    assert "at most 5" in str(form.name.errors[0])
    assert str(form.places.errors[0]) == "Enter a number from 0 to 50."


@pytest.mark.usefixtures("english")
def test_a_refusal_stands_at_its_field_and_in_the_summary_and_nothing_typed_is_lost() -> None:
    form = Details(MultiDict({"name": "Siti", "nik": "33<b>", "again": "y", "places": "2"}))
    assert form.validate()
    form.refuse(InvalidNik(reason="length"))
    form.refuse(SlotFull())
    assert [item.get("href") for item in form.error_items()] == [None, "#nik"]
    page = render_template_string(PAGE, form=form)
    assert "<title>Error: Data" in page
    assert page.count("A NIK has 16 digits") == 2
    assert "The last place" in page
    assert '<span class="govuk-visually-hidden">Error:</span>' in page
    assert 'value="33&lt;b&gt;"' in page
    assert 'value="Siti"' in page
    assert 'id="nik"' in page
    assert "checked" in page
    assert "Show password" in page
    assert 'type="date"' in page
    assert "again-hint" not in page


@pytest.mark.usefixtures("english")
def test_a_form_in_order_has_no_summary() -> None:
    page = render_template_string(PAGE, form=Details())
    assert "govuk-error-summary" not in page
    assert "<title>Data" in page


@pytest.mark.usefixtures("english")
def test_what_is_pasted_is_cleaned_in_every_field_but_passwords() -> None:
    pasted = {
        "name": "\u202aSi\u200bti\ufeff",
        "nik": "\x00３３1",
        "again": "y\u200b",
        "places": "１２",
        "day": "２\u00ad0",
    }
    form = Details(MultiDict(pasted | {"secret": "rahasia\u200b １２"}))
    assert (form.name.data, form.nik.data, form.again.data, form.places.data) == ("Siti", "331", "y", 12)
    assert form.day.data == "20"
    assert form.secret.data == "rahasia\u200b １２"
