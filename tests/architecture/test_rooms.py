"""Every feature has its room in each layer, under one name, and its tests have the same."""

import ast
from collections import Counter
from collections.abc import Iterable
from pathlib import PurePosixPath

import pytest

from tests.harness.source import ROOT, dotted, modules, name, tree

FEATURES = {
    "booking",
    "assisted",
    "arrivals",
    "visits",
    "calendar",
    "offline",
    "printing",
    "access",
    "privacy",
    "records",
    "figures",
    "rosters",
    "exchange",
    "surveys",
    "coverage",
    "setup",
    "texts",
}
ROOMS = ("queue_app/services", "queue_app/queries", "tests/services", "tests/queries")
AUDIENCES = {"admin", "api", "counter", "desk", "display", "kiosk", "public", "staff"}
OF_AN_AUDIENCE = {"__init__", "blueprint", "views"}
BESIDE_THE_FEATURES = {
    "queue_app/web/admin/forms": "small forms of most of its features, made of the same few fields",
    "queue_app/web/api/document": "what the API says of itself, over all features",
}
# Each trial strikes its database in its own way, and so brings its own.
FIXTURES_OF_SEVERAL = {("tests/faults", "database_url")}

Paths = Iterable[PurePosixPath]


@pytest.fixture(scope="module")
def paths() -> list[PurePosixPath]:
    """Of every module of product and tests, from the top of the tree."""
    return [PurePosixPath(name(path)) for path in [*modules(), *modules(ROOT / "tests")]]


def test_rooms_bear_the_names_of_features(paths: Paths) -> None:
    """Whoever looks for the rules of a visit looks for "visits", in whatever layer."""
    assert strange_rooms(paths) == set()


def test_every_feature_has_queries_and_tests(paths: Paths) -> None:
    assert missing_rooms(paths) == set()


def test_no_module_lies_beside_the_rooms(paths: Paths) -> None:
    assert stray_modules(paths) == set()


def test_an_audience_holds_nothing_but_features(paths: Paths) -> None:
    assert strangers_among_audiences(paths) == set()


def test_no_two_files_of_the_tests_have_one_name(paths: Paths) -> None:
    """A failure or a search names a file, and then it is one."""
    assert doubled_names(paths) == set()


def test_a_fixture_that_two_modules_need_stands_in_their_conftest(paths: Paths) -> None:
    defined = [(path.parent, fixture) for path in paths if is_test(path) for fixture in fixtures(tree(ROOT / path))]
    assert shared_fixtures(defined) == set()


@pytest.mark.parametrize("path", ["queue_app/services/payments/pay.py", "tests/queries/hall/test_hall.py"])
def test_the_rule_of_names_sees_a_new_one(path: str) -> None:
    assert strange_rooms([PurePosixPath(path)])


@pytest.mark.parametrize("gone", ["queue_app/queries/visits", "tests/services/visits"])
def test_the_rule_of_namesakes_misses_each(gone: str) -> None:
    rooms = {f"{room}/visits/one.py" for room in ROOMS}
    assert not missing_rooms(map(PurePosixPath, rooms))
    assert missing_rooms(map(PurePosixPath, rooms - {f"{gone}/one.py"})) == {gone}


@pytest.mark.parametrize(
    "path", ["queue_app/services/book.py", "queue_app/web/extra.py", "tests/queries/test_hall.py", "tests/web/one.py"]
)
def test_the_rule_of_strays_sees_modules_beside_the_rooms(path: str) -> None:
    allowed = ["queue_app/web/__init__.py", "queue_app/web/request.py", "tests/services/conftest.py"]
    found = stray_modules(map(PurePosixPath, [path, *allowed]))
    assert found == (set() if path.startswith("tests/web") else {path})


@pytest.mark.parametrize("path", ["queue_app/web/desk/words.py", "queue_app/web/public/rush/queue.py"])
def test_the_rule_of_audiences_sees_a_stranger(path: str) -> None:
    allowed = ["desk/__init__.py", "desk/views.py", "desk/printing.py", "desk/arrivals/scan.py", "hall/state.py"]
    found = strangers_among_audiences(map(PurePosixPath, [path, *(f"queue_app/web/{one}" for one in allowed)]))
    assert found == {path}


def test_the_rule_of_file_names_sees_a_double_and_lets_conftests_be() -> None:
    tests = [
        "tests/a/test_one.py",
        "tests/b/test_one.py",
        "tests/a/conftest.py",
        "tests/b/conftest.py",
        "queue_app/a.py",
    ]
    assert doubled_names(map(PurePosixPath, tests)) == {"test_one.py"}


def test_the_rule_of_fixtures_sees_one_of_two_modules_in_a_folder() -> None:
    source = "@pytest.fixture\ndef plain(): ...\n@pytest.fixture(scope='module')\ndef called(): ...\ndef none(): ..."
    assert list(fixtures(ast.parse(source))) == ["plain", "called"]
    here, there = PurePosixPath("tests/web"), PurePosixPath("tests/jobs")
    assert shared_fixtures([(here, "citizen"), (there, "citizen"), (here, "site")]) == set()
    assert shared_fixtures([(here, "citizen"), (here, "citizen")]) == {("tests/web", "citizen")}


def strange_rooms(paths: Paths) -> set[str]:
    """Folders of the rooms that no feature is called by."""
    return {str(path.parent) for path in paths if room_of(path) and room_of(path) not in FEATURES}


def missing_rooms(paths: Paths) -> set[str]:
    """Of each feature with services: where its queries and its tests should be. Not every query needs its own test."""
    there = {path.parent for path in paths}
    features = {folder.name for folder in there if str(folder.parent) == "queue_app/services"}
    wanted = {f"{room}/{feature}" for room in ("queue_app/queries", "tests/services") for feature in features}
    return wanted - {str(folder) for folder in there}


def stray_modules(paths: Paths) -> set[str]:
    beside = {f"{room}/{allowed}.py" for room in ROOMS for allowed in ("__init__", "conftest")}
    beside |= {"queue_app/web/__init__.py", "queue_app/web/request.py"}
    found = {str(path) for path in paths if str(path.parent) in {*ROOMS, "queue_app/web"}}
    return found - beside


def strangers_among_audiences(paths: Paths) -> set[str]:
    found = set()
    for path in paths:
        top, web, audience, *inside = path.with_suffix("").parts + ("",) * 3
        if (top, web) != ("queue_app", "web") or audience not in AUDIENCES:
            continue
        known = inside[0] in FEATURES or (not inside[1] and inside[0] in OF_AN_AUDIENCE)
        if not known and f"queue_app/web/{audience}/{inside[0]}" not in BESIDE_THE_FEATURES:
            found.add(str(path))
    return found


def doubled_names(paths: Paths) -> set[str]:
    counted = Counter(path.name for path in paths if path.parts[0] == "tests" and path.name != "conftest.py")
    return {file for file, times in counted.items() if times > 1}


def shared_fixtures(defined: Iterable[tuple[PurePosixPath, str]]) -> set[tuple[str, str]]:
    counted = Counter((str(folder), fixture) for folder, fixture in defined)
    return {one for one, times in counted.items() if times > 1} - FIXTURES_OF_SEVERAL


def room_of(path: PurePosixPath) -> str:
    """The folder of a layer with rooms that a module lies in; "" for any other module."""
    inside = (path.relative_to(room).parts for room in ROOMS if path.is_relative_to(room))
    return next((parts[0] for parts in inside if len(parts) > 1), "")


def is_test(path: PurePosixPath) -> bool:
    return path.parts[0] == "tests" and path.name.startswith("test_")


def fixtures(module: ast.Module) -> Iterable[str]:
    """The names of a module's fixtures."""
    for node in module.body:
        if isinstance(node, ast.FunctionDef):
            made = (one.func if isinstance(one, ast.Call) else one for one in node.decorator_list)
            if any(dotted(one) == "pytest.fixture" for one in made):
                yield node.name
