"""What `scripts/bench --quick` watches: ratios to the bare peers, recorded in the repository."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from scripts.benchmarks import __main__ as command
from scripts.benchmarks import guard, ordinary
from scripts.benchmarks.bench import QUICK, Bench
from scripts.benchmarks.databases import Sqlite
from scripts.benchmarks.table import LESS, MORE, Line

ACCEPTED = "accepted bookings / bare Flask route"
COST = "processor time of a refusal / bare Flask request"
KNOWN = {ACCEPTED: 0.5, COST: 0.2}


def accepted(*ratios: float) -> Line:
    return Line(ACCEPTED, ratios, "×", better=MORE)


def cost(*ratios: float) -> Line:
    return Line(COST, ratios, "×", better=LESS)


def test_a_ratio_has_lost_when_it_is_a_fifth_worse_in_its_own_direction() -> None:
    assert guard.losses([accepted(0.41), cost(0.24)], KNOWN) == []
    assert guard.losses([accepted(5.0), cost(0.01)], KNOWN) == []
    assert guard.losses([accepted(0.39), cost(0.26)], KNOWN) == [
        guard.Loss(ACCEPTED, 0.39, 0.5),
        guard.Loss(COST, 0.26, 0.2),
    ]


def test_the_median_of_the_rounds_is_judged() -> None:
    assert guard.losses([accepted(0.1, 0.45, 0.5)], KNOWN) == []


def test_what_was_never_recorded_or_is_no_ratio_to_a_peer_cannot_be_lost() -> None:
    assert guard.losses([Line(ACCEPTED, [0.1], "/s"), Line("new", [0.1], "×", better=MORE)], KNOWN) == []


def test_a_share_of_the_rounds_can_be_judged_otherwise() -> None:
    assert guard.losses([accepted(0.1, 0.45, 0.2)], KNOWN, judged=max) == []
    assert guard.losses([cost(0.5, 0.3, 0.4)], KNOWN, judged=max) == [guard.Loss(COST, pytest.approx(0.3), 0.2)]


def test_a_loss_is_said_with_its_line_and_both_ratios() -> None:
    assert str(guard.Loss(ACCEPTED, 0.3, 0.5)) == f"{ACCEPTED}: 0.30 × where 0.50 × was recorded"


def test_ratios_are_recorded_for_each_database_and_others_stay(tmp_path: Path) -> None:
    file = tmp_path / "recorded.json"
    assert guard.read("sqlite", file) == {}
    guard.record("sqlite", [accepted(0.4, 0.51239, 0.6), cost(0.2), Line("bookings", [700.0], "/s")], file)
    guard.record("postgresql", [accepted(0.3)], file)
    guard.record("sqlite", [cost(0.1)], file)
    assert guard.read("sqlite", file) == {ACCEPTED: 0.512, COST: 0.1}
    assert guard.read("postgresql", file) == {ACCEPTED: 0.3}


def test_the_recorded_ratios_are_of_lines_that_the_command_measures() -> None:
    assert guard.RECORDED.exists()
    for kind in ("sqlite", "postgresql"):
        known = guard.read(kind)
        assert known
        assert all("/ bare" in what and ratio > 0 for what, ratio in known.items()), known


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with ExitStack() as stack:
        yield Bench(Sqlite(tmp_path), tmp_path, QUICK, 1, stack)


def looks(*seen: Line) -> tuple[ordinary.Measuring, list[int]]:
    """Measuring that sees these lines one after the other, and the rounds it was asked for."""
    left, rounds = list(seen), list[int]()

    def measured(bench: Bench) -> Iterator[Line]:
        rounds.append(bench.scale.rounds)
        yield left.pop(0)

    return measured, rounds


def test_a_good_first_look_is_enough(bench: Bench) -> None:
    measured, rounds = looks(accepted(0.5))
    assert ordinary.guarded(bench, measured, KNOWN) == [accepted(0.5)]
    assert rounds == [QUICK.rounds]
    assert bench.faults == []


def test_noise_is_forgiven_at_the_second_look(bench: Bench) -> None:
    measured, rounds = looks(accepted(0.2), accepted(0.1, 0.2, 0.5))
    assert ordinary.guarded(bench, measured, KNOWN) == [accepted(0.1, 0.2, 0.5)]
    assert rounds == [QUICK.rounds, guard.ROUNDS]
    assert bench.faults == []
    assert bench.scale == QUICK


@pytest.mark.parametrize(
    ("seen", "again", "said"),
    [
        (accepted(0.2), accepted(0.3, 0.2, 0.31), f"{ACCEPTED}: 0.31 × where 0.50 × was recorded"),
        (cost(0.4), cost(0.3, 0.29, 0.4), f"{COST}: 0.29 × where 0.20 × was recorded"),
    ],
)
def test_what_no_round_of_the_second_look_saves_is_an_error(bench: Bench, seen: Line, again: Line, said: str) -> None:
    measured, _ = looks(seen, again)
    ordinary.guarded(bench, measured, KNOWN)
    assert bench.faults == [f"sqlite: {said}"]


def test_a_line_that_loses_only_at_the_second_look_was_noise(bench: Bench) -> None:
    def measured(bench: Bench) -> Iterator[Line]:
        first = bench.scale.rounds == QUICK.rounds
        yield accepted(0.2 if first else 0.5)
        yield cost(0.2 if first else 0.9)

    ordinary.guarded(bench, measured, KNOWN)
    assert bench.faults == []


@pytest.mark.parametrize(("option", "guarded"), [("--quick", True), ("--rounds=1", False)])
def test_only_the_quick_run_compares(
    option: str, guarded: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("QUEUE_APP_DATABASE_URL", raising=False)
    monkeypatch.setattr(guard, "read", lambda kind: KNOWN)
    monkeypatch.setitem(ordinary.WITH_DATABASE, "accepted", lambda bench: iter([accepted(0.3)]))
    assert command.main([option, "--only", "accepted", "--database", "sqlite"]) == int(guarded)
    assert (f"{ACCEPTED}: 0.30 × where 0.50 × was recorded" in capsys.readouterr().out) is guarded


def test_a_record_compares_with_nothing_and_keeps_what_it_saw(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept: dict[str, list[Line]] = {}
    monkeypatch.delenv("QUEUE_APP_DATABASE_URL", raising=False)
    monkeypatch.setattr(guard, "record", lambda kind, lines: kept.update({kind: lines}))
    monkeypatch.setattr(guard, "read", lambda kind: KNOWN)
    monkeypatch.setitem(ordinary.WITH_DATABASE, "accepted", lambda bench: iter([accepted(*[0.1] * bench.scale.rounds)]))
    assert command.main(["--record", "--only", "accepted", "--database", "sqlite"]) == 0
    assert kept == {"sqlite": [accepted(*[0.1] * guard.ROUNDS)]}
