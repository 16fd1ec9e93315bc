"""Every Indonesian string of code and templates has its English."""

import re
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from types import ModuleType

import pytest
from babel.messages.catalog import Message

from tests.harness.source import ROOT


def load_script() -> ModuleType:
    loader = SourceFileLoader("translate", str(ROOT / "scripts" / "translate"))
    spec = spec_from_loader("translate", loader)
    assert spec is not None
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module


translate = load_script()
PLACEHOLDER = re.compile(r"%\([a-z_]+\)[sd]")


def test_every_string_has_its_english() -> None:
    """`scripts/translate` collects what is missing."""
    english = translate.read()
    missing = []
    for message in translate.extract():
        if message.id:
            found = english.get(msgid(message))
            if found is None or not all(forms(found)) or found.fuzzy:
                missing.append(msgid(message))
    assert not missing


def test_the_english_keeps_every_placeholder() -> None:
    for message in translate.read():
        if message.id:
            wanted = set(PLACEHOLDER.findall(message.id if isinstance(message.id, str) else message.id[-1]))
            assert all(set(PLACEHOLDER.findall(form)) <= wanted for form in forms(message)), message.id
            assert set(PLACEHOLDER.findall(forms(message)[-1])) == wanted, message.id


# docs/glossary.md, "Words for citizens": one word for one thing, and the plain one.
NOT_USED = (
    r"janji temu\w*", "janji", "pesanan", "pendaftaran", "reservasi", "booking", "jam datang", r"\w*jadwal ulang",
    "ubah jadwal(?! mingguan)", r"punya antrean", "surel", "galat", "peramban", "kuki", "papan ketik", "antrian",
)  # fmt: skip


@pytest.fixture(scope="module")
def texts() -> list[str]:
    """On pages, kiosks and paper, and in messages, which are whole files."""
    texts = [text for message in translate.extract() for text in ids(message)]
    return texts + [path.read_text(encoding="utf-8") for path in (ROOT / "templates" / "messages").rglob("*id.txt")]


@pytest.mark.parametrize("wrong", ["blanko ", "perlindungan data", "resiko", "ijin"])
def test_the_spelling_is_the_official_one(texts: list[str], wrong: str) -> None:
    assert not [text for text in texts if wrong in text.lower()]


@pytest.mark.parametrize("word", NOT_USED)
def test_there_is_one_word_for_one_thing(texts: list[str], word: str) -> None:
    assert len(texts) > 1_000
    assert not [text for text in texts if re.search(rf"\b{word}\b", text, re.IGNORECASE)]


def test_the_glossary_names_each_word_that_is_not_used() -> None:
    glossary = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").partition("## Words for citizens")[2]
    for word in NOT_USED:
        plain = re.sub(r"\(.*\)|\\w\*", "", word).strip()
        assert f"*{plain}*" in glossary, plain


def ids(message: Message) -> list[str]:
    return [message.id] if isinstance(message.id, str) else list(message.id)


def msgid(message: Message) -> str:
    return ids(message)[0]


def forms(message: Message) -> list[str]:
    return list(message.string) if isinstance(message.string, list | tuple) else [message.string]
