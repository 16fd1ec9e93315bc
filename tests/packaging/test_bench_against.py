"""`scripts/bench --against`: another revision beside the present one, measured in turns."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from scripts.benchmarks import __main__ as command
from scripts.benchmarks import against, builds
from scripts.benchmarks.builds import PRESENT, Build
from scripts.benchmarks.installation import Installation
from scripts.benchmarks.table import Compared, as_markdown, as_text
from scripts.benchmarks.trials import TRIALS, Figure, Trial, at_least, at_most
from scripts.benchmarks.untimely import CASES


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One with a commit of a product that says where it lies; since then the file has changed."""
    tree = tmp_path / "checkout"
    program = tree / "queue_app" / "__main__.py"
    program.parent.mkdir(parents=True)
    (program.parent / "__init__.py").touch()
    program.write_text("print('old', __file__)\n")
    for does in ("init -q", "add .", "-c user.name=Bench -c user.email=bench@example.org commit -qm first"):
        subprocess.run(["git", *does.split()], cwd=tree, check=True)
    program.write_text("print('new', __file__)\n")
    monkeypatch.setattr(builds, "ROOT", tree)
    return tree


def test_an_unknown_revision_ends_with_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    for unknown in ("no-such-branch", "--all", ""):
        with pytest.raises(SystemExit) as ended:
            command.main([f"--against={unknown}"])
        assert ended.value.code == 2
        assert f"no such revision in this checkout: {unknown!r}" in capsys.readouterr().err


def test_ratios_of_two_builds_are_not_recorded(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        command.main(["--against", "HEAD", "--record"])
    assert ended.value.code == 2
    assert "--record" in capsys.readouterr().err


def test_the_other_revision_is_what_its_commands_run_and_is_gone_afterwards(repository: Path, tmp_path: Path) -> None:
    commit = builds.commit_of("HEAD")
    with builds.checked_out(commit, tmp_path) as build:
        assert build.name == commit
        ran = Installation(tmp_path / "instance", "sqlite://", 1, build=build).command()
        assert ran.stdout.split() == ["old", str(build.tree / "queue_app" / "__main__.py")]
    assert not build.tree.exists()
    listed = subprocess.run(
        ["git", "worktree", "list"], cwd=repository, check=True, capture_output=True, text=True
    ).stdout
    assert len(listed.splitlines()) == 1


def test_what_belongs_to_the_other_build_has_names_of_its_own() -> None:
    assert PRESENT.named("rush") == "rush"
    assert Build(Path("/somewhere"), "34d2617").named("rush") == "rush_34d2617"


@dataclass
class Benchlike:
    """What a comparison needs of a bench, without servers: it writes down who was measured when."""

    name: str
    diary: list[str]
    kind: str = "postgresql"
    faults: list[str] = field(default_factory=list)
    used: float = 0.0

    def __post_init__(self) -> None:
        self.build = Build(Path(), self.name)
        self.databases = SimpleNamespace(kind=self.kind)
        self.product = self
        self.is_sqlite = self.kind == "sqlite"

    def cpu(self) -> float:
        self.used += 0.5
        return self.used

    def check(self) -> None:
        self.diary.append(f"check {self.name}")


def compared(kind: str) -> tuple[list[Compared], list[str], against.Idle]:
    diary: list[str] = []
    speed = {"before": iter([10.0, 20.0, 10.0]), "": iter([30.0, 80.0, 20.0])}

    def once(bench: Any) -> float:
        diary.append(bench.name)
        return next(speed[bench.name])

    trial = Trial(
        once,
        (
            Figure("bookings", "/s", float, ratio=at_least(3.0, 2.0), itself=at_least(100)),
            Figure("… and of the database", "µs", float, of_database=True),
        ),
        warm=lambda bench: diary.append(f"warm {bench.name}"),
    )
    pair: Any = against.Pair(Benchlike("before", diary, kind), Benchlike("", diary, kind))  # type: ignore[arg-type]
    idle = against.Idle()
    return list(pair.compare(trial, 3, idle)), diary, idle


def test_two_builds_are_measured_in_turns() -> None:
    (bookings, _), diary, idle = compared("postgresql")
    turns = ["before", "", "", "before", "before", ""]
    assert diary == ["warm before", "warm ", *turns, "check before", "check "]
    assert (bookings.before, bookings.now) == ([10.0, 20.0, 10.0], [30.0, 80.0, 20.0])
    assert idle.used == 3.0, "half a second in each of six rounds"


@pytest.mark.parametrize(("kind", "goal"), [("sqlite", 3.0), ("postgresql", 2.0)])
def test_goals_are_those_of_the_database(kind: str, goal: float) -> None:
    found, _, _ = compared(kind)
    assert found[0].of_ratio == {"at_least": goal}
    assert [each.what for each in found][1:] == ([] if kind == "sqlite" else ["… and of the database"])


def test_a_comparison_shows_both_figures_the_ratio_and_both_goals() -> None:
    line = Compared("bookings", [10.0, 20.0, 10.0], [30.0, 80.0, 20.0], "/s", {"at_least": 3.0}, {"at_least": 100})
    shown = ("bookings", "10.0 /s", "30.0 /s", "3.00 ×", "2.00 – 4.00", "≥ 3 ×, ≥ 100 /s", "met, missed: 30% of it")
    assert line.cells() == shown
    assert as_markdown([line]).splitlines()[2] == "| " + " | ".join(shown) + " |"
    assert [heading.strip() for heading in as_text([line]).splitlines()[0].split("  ") if heading] == [
        *("what", "before", "now", "now / before", "min – max", "goal"),
    ]


def test_nothing_has_no_ratio_and_may_be_the_goal() -> None:
    line = Compared("turned away", [0.0, 0.0], [0.0, 0.0], "%", of_itself={"at_most": 0})
    assert line.cells() == ("turned away", "0.00 %", "0.00 %", "–", "", "≤ 0 %", "met")
    worse = Compared("turned away", [0.0, 0.0], [1.0, 3.0], "%", of_itself={"at_most": 0})
    assert worse.cells()[-1] == "missed"


def test_every_goal_of_a_trial_names_both_databases() -> None:
    assert at_most(0.3, 0.45) == {"sqlite": {"at_most": 0.3}, "postgresql": {"at_most": 0.45}}
    assert at_most(0) == {"sqlite": {"at_most": 0}, "postgresql": {"at_most": 0}}
    figures = [figure for trials in TRIALS.values() for trial in trials for figure in trial.figures]
    for figure in figures:
        for goal in (figure.ratio, figure.itself):
            assert set(goal) in (set(), {"sqlite", "postgresql"}), figure.what


@pytest.fixture
def measured(tmp_path: Path) -> Iterator[Installation]:
    installation = Installation(tmp_path / "bench", f"sqlite:///{tmp_path / 'bench.db'}", 1)
    made = installation.command("init")
    assert made.returncode == 0, made.stderr
    yield installation
    installation.close()


@pytest.mark.slow
def test_venues_and_their_people_are_such_that_the_product_finds_nothing_broken(measured: Installation) -> None:
    venue = measured.venue(slots=2, capacity=3, zone="Asia/Jakarta")
    assert len(venue.slots) == 2
    assert measured.stored(venue.slots) == []
    niks = ["3314990101900001", "3314990101900002", "3314990101900003"]
    tokens = measured.tickets(venue.slots, niks)
    stored = measured.stored(venue.slots)
    assert len(set(tokens)) == len({ticket.code for ticket in stored}) == 3
    assert {ticket.slot_id for ticket in stored} == set(venue.slots)
    assert "=" in measured.desk(venue.office_id, "desk-1")
    for case, _code in CASES.values():
        assert len(measured.venue(slots=1, capacity=1, zone="Asia/Jakarta", **case).slots) == 1
    assert measured.check() == []


def test_what_cannot_be_asked_ends_the_run_and_says_why(measured: Installation) -> None:
    with pytest.raises(SystemExit, match=r"'tickets' failed at the present build:(.|\n)*IndexError"):
        measured.tickets([], ["3314990101900001"])
