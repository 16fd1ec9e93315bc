"""Simulate the opening on each layout, print what it comes to, and draw it if asked to."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import TypeVar

from .costs import Costs, Crowd, Hardware
from .figure import draw
from .layouts import LAYOUTS, Result, results
from .opening import FIRST, Installation, Opening
from .outcome import Outcome

SCALES = "0.1,0.2,0.5,1,2,5,10"
GENERATOR = 15  # microseconds of processor that the measuring program itself takes for a request
POOLED = 1000  # microseconds more of the database for a booking that is not prepared, behind PgBouncer
UNLIMITED = 10**6
Settings = TypeVar("Settings", Costs, Crowd, Hardware)


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options().parse_args(arguments)
    wanted = dict(one.partition("=")[::2] for one in options.set)
    known = {field.name for kind in (Costs, Crowd, Hardware) for field in fields(kind)}
    if unknown := set(wanted) - known:
        raise SystemExit(f"No such figure: {', '.join(sorted(unknown))}. There are: {', '.join(sorted(known))}")
    costs, crowd, hardware = (_with(each, wanted) for each in (Costs(), Crowd(), Hardware()))
    if options.pooler:
        costs = replace(costs, acceptance_database=costs.acceptance_database + POOLED)
        hardware = replace(hardware, most_connections=UNLIMITED)
    if options.rush:
        print(_said_of_rush(rush(costs, options.seed)))
        return 0
    chosen = [layout for layout in LAYOUTS if options.layout is None or layout.name == options.layout]
    scales = [float(scale) for scale in options.scales.split(",")]
    found = []
    print(_row(*HEADINGS), _row(*("---",) * len(HEADINGS)), sep="\n")
    for result in results(chosen, scales, crowd, costs, hardware, options.seed):
        print(_row(*_cells(result)), flush=True)
        found.append(result)
    if options.figure:
        options.figure.write_text(draw(found), encoding="utf-8")
    return 0


def rush(costs: Costs, seed: int) -> Outcome:
    """As `scripts/bench --only sold-out` has it: 500 connections, 5 requests each, 8 × 50 places, two cores for all."""
    loaded = {name: getattr(costs, name) + GENERATOR for name in ("acceptance", "refusal")}
    crowd = Crowd(prepared=1, burst=0, tries=5, again=1, think=0, greedy=True)
    return Opening(Installation(2, 0, 2, [500], 8, 400), crowd, replace(costs, **loaded), seed).run()


def _said_of_rush(outcome: Outcome) -> str:
    return (
        f"8 x 50 places, 500 connections, {outcome.asked:,.0f} requests: sold out after {outcome.sold_after:.2f} s, "
        f"p50 {1000 * outcome.percentile(0.5):.0f} ms, p99 {1000 * outcome.percentile(0.99):.0f} ms, "
        f"over after {outcome.ended:.2f} s, {processor_time(outcome):.0f} us of processor time each"
    )


def processor_time(outcome: Outcome) -> float:
    """Microseconds of an answer of the rush, without the measuring program's."""
    return 1e6 * outcome.use["web processors"] * 2 * FIRST / outcome.asked - GENERATOR


HEADINGS = (
    "layout",
    "x",
    "hardest",
    "visitors",
    "cores web + database",
    "connections",
    "requests/s",
    "p50",
    "p99",
    "later",
    "use of web / database / disk",
    "commits/s",
    "hottest row",
    "refused by the database",
    "",
)


def _cells(result: Result) -> tuple[str, ...]:
    out, place = result.outcome, result.wave.place
    use = [out.use.get(name) for name in ("web processors", "database processors", "disk")]
    return (
        f"{result.layout.name} ({result.layout.installations})",
        f"{result.scale:g}",
        result.wave.name,
        f"{result.scale * sum(place.visitors):,.0f}",
        f"{place.web_cores} + {place.database_cores or 'shared'}",
        str(result.wave.connections),
        f"{max(out.each_second.values()):,.0f}",
        f"{1000 * out.percentile(0.5):,.0f} ms",
        f"{out.percentile(0.99):.2f} s",
        f"{out.turned_away:.1%}",
        " / ".join("-" if one is None else f"{one:.0%}" for one in use),
        f"{out.most_flushes}",
        f"{out.most_turns} turns",
        f"{out.late / max(out.count('refused'), 1):.0%}",
        f"breaks: {result.busiest}" if result.breaks else "holds",
    )


def _row(*cells: str) -> str:
    return "| " + " | ".join(cells) + " |"


def _with(settings: Settings, wanted: dict[str, str]) -> Settings:
    """With the figures that are its own; each keeps the kind that it has."""
    own = {field.name: getattr(settings, field.name) for field in fields(settings) if field.name in wanted}
    try:
        return replace(settings, **{name: type(value)(wanted[name]) for name, value in own.items()})
    except ValueError as problem:
        raise SystemExit(f"That cannot be set: {problem}") from None


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="scripts/simulate", description="Simulate the opening for a whole country.")
    parser.add_argument("--scales", default=SCALES, metavar="X,X", help=f"times the visitors (default {SCALES})")
    parser.add_argument("--layout", choices=[layout.name for layout in LAYOUTS], help="all unless one is named")
    parser.add_argument("--pooler", action="store_true", help="PgBouncer: any number of connections, dearer bookings")
    parser.add_argument("--rush", action="store_true", help="only the rush that scripts/bench measures, to compare")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="another cost, habit or size")
    parser.add_argument("--figure", type=Path, metavar="FILE", help="draw p99 over visitors as SVG")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
