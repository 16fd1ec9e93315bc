"""No text that people type or paste reaches the product without having been cleaned."""

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest
import wtforms
from wtforms import FieldList, Form, FormField
from wtforms.fields.core import UnboundField

from queue_app.web.forms.office_form import OfficeForm, RowForm
from queue_app.web.forms.typed_before import NEVER_KEPT
from tests.harness.source import PACKAGE, dotted, modules, name, tree

WEB = PACKAGE / "web"
# What pages and their scripts put into queries and buttons; nobody types it. Anything else goes through `cleaned`.
OF_PAGES = {
    *(
        "action",
        "add",
        "bulan",
        "dari",
        "everybody",
        "form",
        "hari",
        "hasil",
        "hingga",
        "jam",
        "jenis",
        "kantor",
        "keadaan",
        "kertas",
        "lang",
        "layanan",
        "mulai",
        "next",
    ),
    *("code", "identity", "kuota", "loket", "minggu", "office", "orang", "pilihan"),
    *("printer", "prioritas", "proof", "remove", "result", "sampai", "sebelum", "state"),
    *("step", "tahun", "tindakan", "tugas", "typed_before", "untuk", "v"),
}
# Read by a name in a variable: the language link repeats what was in the query, and days are read as dates.
READ_BY_VARIABLE = {"queue_app/web/site/language.py: name", "queue_app/web/public/calendar/choice.py: name"}
# Where bodies are read that are no forms.
READERS = {
    "queue_app/web/api/document/reading.py": "cleans all of it",
    "queue_app/web/offline/batches.py": "entries of devices; the one text in them is cleaned where it is read",
}


def test_every_form_is_cleaned_or_a_part_of_one_that_is() -> None:
    for path in modules(WEB):
        importlib.import_module(name(path).removesuffix(".py").replace("/", ".").removesuffix(".__init__"))
    forms = {form for form in _descendants(Form) if form.__module__.startswith("queue_app.")} - {RowForm}
    whole = {form for form in forms if issubclass(form, OfficeForm)}
    parts = {part for form in whole for part in _parts(form)}
    assert len(whole) > 20, "the forms are not found"
    assert forms == whole | parts
    for form in whole:
        metas = [vars(kind)["Meta"] for kind in form.__mro__ if "Meta" in vars(kind)]
        assert next(meta for meta in metas if "wrap_formdata" in vars(meta)) is OfficeForm.Meta, form


def test_what_is_read_beside_forms_is_not_typed_or_is_cleaned() -> None:
    found = {f"{name(path)}: {field}" for path in modules(WEB) for field in uncleaned(tree(path))}
    assert found == READ_BY_VARIABLE


def test_bodies_that_are_no_forms_are_read_in_two_places() -> None:
    def reads(path: Path) -> bool:
        text = path.read_text(encoding="utf-8")
        ways = ("get_json", "get_data", "request.data", 'request.environ["wsgi.input"]')
        return any(way in text for way in ways)

    assert {name(path) for path in modules(WEB) if reads(path)} == set(READERS)


@pytest.mark.parametrize(
    "source",
    [
        'note = request.form.get("note", "")',
        'note = request.form["note"]',
        'typed = request.args.get("nomor")',
        "note = request.values.get(name)",
        'note = trimmed(request.form.get("note"))',
    ],
)
def test_the_rule_sees_text_that_is_not_cleaned(source: str) -> None:
    assert list(uncleaned(ast.parse(source)))


@pytest.mark.parametrize(
    "source",
    [
        'note = cleaned(request.form.get("note", ""))',
        'office = request.args.get("office", type=row_number)',
        'confirming = request.form.get("step") == "confirm"',
        'if "everybody" in request.form: ...',
    ],
)
def test_the_rule_lets_other_things_be(source: str) -> None:
    assert not list(uncleaned(ast.parse(source)))


def uncleaned(module: ast.Module) -> Iterator[str]:
    """Names of fields that are read from a form or query as text, without `cleaned` around."""
    seen = {
        id(inner)
        for node in ast.walk(module)
        if isinstance(node, ast.Call) and dotted(node.func) == "cleaned"
        for inner in ast.walk(node)
    }
    for node in ast.walk(module):
        if id(node) in seen:
            continue
        if isinstance(node, ast.Call) and _of_request(node.func, ".get") and node.args:
            yield from _strange(node.args[0])
        elif isinstance(node, ast.Subscript) and _of_request(node.value, ""):
            yield from _strange(node.slice)


def _of_request(node: ast.AST, method: str) -> bool:
    return dotted(node) in {f"request.{source}{method}" for source in ("form", "args", "values")}


def _strange(field: ast.expr) -> Iterator[str]:
    if not (isinstance(field, ast.Constant) and field.value in OF_PAGES):
        yield ast.unparse(field)


def _descendants(form: type) -> Iterator[type]:
    for child in form.__subclasses__():
        yield child
        yield from _descendants(child)


def _parts(form: type) -> Iterator[type]:
    """The forms inside a form, however deep."""
    for attribute in dir(form):
        unbound = getattr(form, attribute, None)
        if isinstance(unbound, wtforms.fields.core.UnboundField):
            yield from _parts_of(unbound)


def _parts_of(unbound: wtforms.fields.core.UnboundField) -> Iterator[type]:
    if issubclass(unbound.field_class, FormField):
        part = unbound.args[0] if isinstance(unbound.args[0], type) else unbound.args[1]
        yield part
        yield from _parts(part)
    elif issubclass(unbound.field_class, FieldList):
        for inner in unbound.args:
            if isinstance(inner, wtforms.fields.core.UnboundField):
                yield from _parts_of(inner)


def test_no_password_is_given_back_in_a_page() -> None:
    """A form that is to be sent again comes back with what was typed; the base of all forms says what is secret."""
    for path in modules(WEB):
        importlib.import_module(name(path).removesuffix(".py").replace("/", ".").removesuffix(".__init__"))
    secret = {
        field
        for form in _descendants(OfficeForm)
        if form.__module__.startswith("queue_app.")
        for field, kind in vars(form).items()
        if isinstance(kind, UnboundField) and issubclass(kind.field_class, wtforms.PasswordField)
    }
    assert secret
    assert secret | {"csrf_token", "time_code"} == NEVER_KEPT
