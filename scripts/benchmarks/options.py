"""The options of `scripts/bench`."""

from __future__ import annotations

import argparse
from collections.abc import Collection, Sequence
from pathlib import Path

from scripts.benchmarks import guard
from scripts.benchmarks.builds import commit_of
from scripts.benchmarks.ordinary import NAMES, ON_REQUEST, SLOW
from scripts.benchmarks.trials import TRIALS

SIZES, QUICK_SIZES = "10000,1000000,5000000", "10000"


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """As given, with ``names`` of lines, ``sizes`` as numbers and the ``commit`` of a revision, or None.

    Ends with exit code 2 and a sentence when the revision is not there.
    """
    parser = _parser()
    options = parser.parse_args(arguments)
    options.commit = None
    if options.against is not None:
        if options.record:
            parser.error("--record keeps ratios to the bare peers, which --against does not measure")
        try:
            options.commit = commit_of(options.against)
        except LookupError as missing:
            parser.error(f"--against: {missing.args[0]}")
    left_out = ON_REQUEST | (SLOW if _short(options) else set())
    options.names = _chosen(options.only, tuple(TRIALS) if options.commit else NAMES, left_out)
    options.sizes = [int(size) for size in (options.sizes or (QUICK_SIZES if _short(options) else SIZES)).split(",")]
    return options


def _short(options: argparse.Namespace) -> bool:
    return bool(options.quick or options.record)


def _chosen(only: list[str], names: Sequence[str], left_out: Collection[str]) -> list[str]:
    asked = [name for several in only for name in several.split(",")]
    if unknown := set(asked) - set(names):
        raise SystemExit(f"No such line: {', '.join(sorted(unknown))}. There are: {', '.join(names)}")
    return [name for name in names if (name in asked if asked else name not in left_out)]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="scripts/bench", description="Measure the product beside its peers.")
    parser.add_argument("--database", choices=["sqlite", "postgresql", "both"], help="both unless quick")
    parser.add_argument(
        "--quick",
        action="store_true",
        help="one short round on SQLite: under two minutes, a hint; an error when a ratio to a bare peer"
        f" is below {guard.WORST} of the recorded one, also at a second look",
    )
    parser.add_argument(
        "--record", action="store_true", help=f"keep the ratios of {guard.ROUNDS} short rounds for --quick"
    )
    parser.add_argument("--against", metavar="REVISION", help="measure another revision and this build in turns")
    parser.add_argument("--rounds", type=int, choices=range(1, 26), metavar="N", help="5 unless told, 1 when quick")
    parser.add_argument("--days", type=int, choices=range(1, 366), metavar="N", help="of 'soak': 30, or 2 when quick")
    lines = f"of {', '.join(NAMES)}; with --against of {', '.join(TRIALS)}"
    parser.add_argument("--only", action="append", default=[], metavar="NAME", help=lines)
    parser.add_argument("--sizes", metavar="N,N", help=f"bookings of 'sizes' and 'growth' (default {SIZES})")
    parser.add_argument("--plot", type=Path, metavar="FILE", help="an SVG of what 'growth' has found")
    parser.add_argument("--markdown", action="store_true", help="the tables as docs/performance.md has them")
    return parser
