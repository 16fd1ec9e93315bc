"""The key file: what is no whole key file of its owner's alone is refused with words, before anything is sealed."""

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from queue_app.adapters.key_file import KeyringMissing, create_keyring, load_keyring

KEY = base64.b64encode(bytes(range(32))).decode()
Content = dict[str, Any]
DAMAGES: dict[str, Callable[[Content], object]] = {
    "a list": lambda content: [content],
    "a number": lambda content: 7,
    "no data": lambda content: {**content, "data": {}},
    "data is a list": lambda content: {**content, "data": [KEY]},
    "a key of one byte": lambda content: {**content, "ticket": "AA=="},
    "a data key of one byte": lambda content: {**content, "data": {"1": "AA=="}},
    "a key of 16 bytes": lambda content: {**content, "data": {"1": base64.b64encode(bytes(16)).decode()}},
    "no base64": lambda content: {**content, "cookie": "!" + KEY[1:]},
    "a key that is a number": lambda content: {**content, "audit": 5},
    "a purpose is missing": lambda content: {name: key for name, key in content.items() if name != "person_index"},
    "current unknown": lambda content: {**content, "current": 2},
    "current missing": lambda content: {name: key for name, key in content.items() if name != "current"},
    "current is a text": lambda content: {**content, "current": "1"},
    "current is true": lambda content: {**content, "current": True},
    "a number too high": lambda content: {**content, "data": {"1": KEY, "256": KEY}},
    "number zero": lambda content: {**content, "data": {"1": KEY, "0": KEY}},
    "a number that is none": lambda content: {**content, "data": {"1": KEY, "two": KEY}},
    "a number written twice": lambda content: {**content, "data": {"1": KEY, "01": KEY}},
    "a negative number": lambda content: {**content, "data": {"1": KEY, "-1": KEY}},
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "keys.json"
    assert create_keyring(path)
    return path


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_wrong_content_is_refused(path: Path, damage: str) -> None:
    content = json.loads(path.read_text())
    path.write_text(json.dumps(DAMAGES[damage](content)))
    with pytest.raises(KeyringMissing, match="put it back from the backup") as refusal:
        load_keyring(path)
    assert not any(key in str(refusal.value) for key in (KEY, content["ticket"], content["data"]["1"]))


@pytest.mark.parametrize("share", [0, 0.5, 0.99])
def test_a_half_written_file_is_refused(path: Path, share: float) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(KeyringMissing, match="it is no JSON"):
        load_keyring(path)


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"[" * 100_000, "ključ".encode()])
def test_bytes_that_are_no_text_are_refused(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(KeyringMissing, match="it is no JSON"):
        load_keyring(path)


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o620, 0o610])
def test_a_file_that_others_may_read_is_refused(path: Path, mode: int) -> None:
    path.chmod(mode)
    with pytest.raises(KeyringMissing, match=f"chmod 600 {path}"):
        load_keyring(path)
    path.chmod(0o400)
    assert load_keyring(path)


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir(mode=0o700)
    endless = tmp_path / "endless"
    endless.symlink_to(endless)
    for path, said in ((folder, "is not a file"), (endless, "cannot be read"), (tmp_path / "none", "queue-app init")):
        with pytest.raises(KeyringMissing, match=said):
            load_keyring(path)


def test_older_data_keys_and_the_highest_number_are_taken(path: Path) -> None:
    content = json.loads(path.read_text())
    sealed = load_keyring(path).seal("Siti", bound_to="here")
    path.write_text(json.dumps({**content, "current": 255, "data": {**content["data"], "255": KEY}}))
    keyring = load_keyring(path)
    assert keyring.open(sealed, bound_to="here") == "Siti"
    assert keyring.seal("Siti", bound_to="here")[0] == 255


def test_a_file_that_is_there_is_left_alone_and_nothing_is_written_beside_it(path: Path) -> None:
    before = path.read_bytes()
    path.parent.chmod(0o500)
    try:
        assert not create_keyring(path)
    finally:
        path.parent.chmod(0o700)
    assert [one.name for one in path.parent.iterdir()] == ["keys.json"]
    assert path.read_bytes() == before


def test_check_values_tell_the_keys_apart(path: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    create_keyring(other)
    mine, theirs = load_keyring(path).check_values, load_keyring(other).check_values
    assert mine.keys() == theirs.keys() == {"data 1", "person_index", "ticket", "audit", "cookie", "all"}
    assert len({*mine.values(), *theirs.values()}) == 12
    assert mine == load_keyring(path).check_values
