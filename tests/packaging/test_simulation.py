"""`scripts/simulate`: its queues against what theory says of them, and its openings against what must hold anyway."""

import random
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pytest

from scripts.simulation import __main__ as command
from scripts.simulation.costs import Costs, Crowd, Hardware
from scripts.simulation.country import PROVINCES
from scripts.simulation.layouts import LAYOUTS, hardest, results
from scripts.simulation.opening import Installation, Opening
from scripts.simulation.queues import Cores, Disk, Events

OFFICE = Installation(2, 0, 2, [3000.0], 8, 300)


def waits(cores: int, load: float, jobs: int, seed: int) -> list[float]:
    """Of jobs of one second each that come by chance, so that so much of one core is asked for."""
    events, chance, found = Events(), random.Random(seed), []
    queue = Cores(events, cores)

    def come() -> None:
        came = events.now

        def begin() -> float:
            found.append(events.now - came)
            return 1.0

        queue.ask(begin, lambda: None)

    when = 0.0
    for _ in range(jobs):
        when += chance.expovariate(load)
        events.at(when, come)
    events.run()
    assert len(found) == jobs
    return found


@pytest.mark.parametrize("load", [0.5, 0.8])
def test_one_core_makes_wait_as_theory_says(load: float) -> None:
    """M/D/1 (Pollaczek and Khinchine): the mean wait is load / (2 (1 - load)) services."""
    found = waits(1, load, 60_000, seed=3)
    assert sum(found) / len(found) == pytest.approx(load / (2 * (1 - load)), rel=0.1)


def test_more_cores_make_nobody_wait_longer() -> None:
    """The same jobs at the same moments (Kiefer and Wolfowitz): each begins no later."""
    few, more = waits(2, 1.9, 5000, seed=5), waits(3, 1.9, 5000, seed=5)
    assert all(one >= other - 1e-9 for one, other in zip(few, more, strict=True))


def test_cores_are_busy_as_long_as_there_was_work() -> None:
    events = Events()
    queue = Cores(events, 2, together=2)  # one core of double speed
    for _ in range(10):
        events.at(0.0, lambda: queue.ask(lambda: 1.0, lambda: None))
    events.run()
    assert events.now == pytest.approx(5.0)
    assert queue.busy.share(0, 5, 2) == pytest.approx(1.0)
    assert queue.busy.share(0, 10, 2) == pytest.approx(0.5)


def test_a_flush_takes_all_that_wait_but_a_group_of_one_row() -> None:
    events, done = Events(), []
    disk = Disk(events, flush=1.0, group=2)

    def come() -> None:
        for number in range(5):
            disk.commit("hot", 1, lambda: done.append(("hot", events.now)))
            disk.commit(number, 1, lambda: done.append(("cold", events.now)))

    events.at(0.0, come)
    events.run()
    # The first goes alone, because the disk was idle; then two of the hot row in each flush.
    assert [at for row, at in done if row == "hot"] == [1.0, 2.0, 2.0, 3.0, 3.0]
    assert {at for row, at in done if row == "cold"} == {2.0}
    assert disk.most_turns == 3


@pytest.mark.parametrize("place", [OFFICE, replace(OFFICE, web_cores=8, database_cores=4, visitors=[90_000.0, 500.0])])
def test_whoever_asks_is_answered_once_and_no_place_is_given_twice(place: Installation) -> None:
    """In the second case one request stands for several."""
    out = Opening(place, Crowd(), Costs(), seed=1).run()
    assert out.count() == pytest.approx(out.asked)
    assert out.inside == pytest.approx(0, abs=1e-6)
    assert out.count("accepted") == pytest.approx(out.sold)
    assert out.sold <= place.places * len(place.visitors) + 1e-6
    assert out.sold >= place.places, "three thousand want three hundred"
    assert out.late <= out.count("refused") + 1e-6


def test_as_many_are_inside_as_come_times_how_long_they_stay() -> None:
    """Little: both sides are counted apart from each other."""
    out = Opening(OFFICE, Crowd(), Costs(), seed=2).run()
    stayed = sum(seconds * weight for kind in out.answers.values() for seconds, weight in kind)
    assert out.person_seconds == pytest.approx(stayed)
    assert out.person_seconds > 0


def test_one_seed_gives_one_opening_and_another_gives_another() -> None:
    one, same, other = (Opening(OFFICE, Crowd(), Costs(), seed=seed).run() for seed in (4, 4, 5))
    assert one == same
    assert one != other


def test_more_cores_do_not_make_an_opening_slower() -> None:
    crowd = [Opening(replace(OFFICE, web_cores=cores, visitors=[60_000.0]), Crowd(), Costs(), 6) for cores in (2, 4, 8)]
    two, four, eight = (opening.run().percentile(0.99) for opening in crowd)
    assert eight <= four * 1.05 <= two * 1.05 * 1.05
    assert eight < two


def test_without_groups_a_slot_that_everybody_wants_takes_a_flush_for_each_place() -> None:
    crowd = Crowd(prepared=1, burst=0, tries=1)
    place = replace(OFFICE, slots=1, places=200)
    costs = replace(Costs(), flush=20_000.0)
    alone = Opening(place, crowd, replace(costs, group=1), seed=1).run()
    grouped = Opening(place, crowd, costs, seed=1).run()
    assert alone.most_turns == 200
    assert alone.sold_after >= 200 * 0.02
    assert grouped.sold_after < alone.sold_after / 4


def test_the_rush_that_was_measured_costs_what_was_measured() -> None:
    """280 to 340 microseconds of processor time for each answer on PostgreSQL, 308 in the middle; see docs/scale.md."""
    out = command.rush(Costs(), seed=1)
    assert out.asked == 2500
    assert out.count("accepted") == 400
    assert 280 <= command.processor_time(out) <= 340


def test_the_country_is_whole() -> None:
    assert len(PROVINCES) == 38
    assert sum(province.regencies for province in PROVINCES) == 514
    assert sum(province.districts for province in PROVINCES) == 7285
    assert [sum(one.regencies for one in PROVINCES if one.zone == zone) for zone in ("WIB", "WITA", "WIT")] == [
        301,
        150,
        63,
    ]


def test_every_layout_holds_the_whole_country_and_its_connections_fit() -> None:
    assert [layout.installations for layout in LAYOUTS] == [1, 3, 38, 514]
    for layout in LAYOUTS:
        wave = hardest(layout, Crowd(), Hardware())
        assert wave.connections <= Hardware().most_connections
        assert wave.place.web_cores + wave.place.database_cores <= 514 * Hardware().cores_an_office


def test_a_run_prints_a_line_for_each_scale_and_draws(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    figure = tmp_path / "figure.svg"
    arguments = ["--scales", "0.1,1", "--layout", "one a regency", "--figure", str(figure), "--set", "places=100"]
    assert command.main(arguments) == 0
    said = capsys.readouterr().out.splitlines()
    assert len(said) == 4
    assert all(line.startswith("| one a regency (514) |") for line in said[2:])
    drawn = ET.parse(figure).getroot()
    texts = {child.tag.rpartition("}")[2]: child.text or "" for child in drawn}
    assert "99 of 100" in texts["title"]
    assert "one a regency" in texts["desc"]
    assert drawn.get("role") == "img"


@pytest.mark.parametrize("wrong", ["speed=1", "places=many", "tries=0"])
def test_a_figure_that_there_is_not_is_explained(wrong: str) -> None:
    with pytest.raises(SystemExit, match="No such figure|cannot be set"):
        command.main(["--set", wrong])


def test_more_visitors_wait_longer() -> None:
    found = list(results(LAYOUTS[3:], [0.2, 1, 10], Crowd(), Costs(), Hardware(), seed=7))
    times = [result.outcome.percentile(0.99) for result in found]
    assert times == sorted(times)
    assert [result.breaks for result in found] == [False, False, True]
