"""Where the country's offices may lie: in one database, one for each zone, each province, or each regency."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from .costs import Costs, Crowd, Hardware
from .country import PROVINCES, ZONES, Province
from .opening import Installation, Opening
from .outcome import Outcome

ENOUGH = (
    2.0  # seconds within which 99 of 100 are answered; beyond that, or when one in a hundred hears "later", it breaks
)
MOST_LATER = 0.01
OF_THE_DATABASE = 4  # one core in so many is the database's


@dataclass(frozen=True)
class Layout:
    """``groups``: the provinces of each installation. ``one_each``: each regency of them has its own."""

    name: str
    groups: tuple[tuple[Province, ...], ...]
    one_each: bool = False

    @property
    def installations(self) -> int:
        return sum(province.regencies for province in PROVINCES) if self.one_each else len(self.groups)


def _by(key: Callable[[Province], str]) -> tuple[tuple[Province, ...], ...]:
    keys = dict.fromkeys(map(key, PROVINCES))
    return tuple(tuple(province for province in PROVINCES if key(province) == one) for one in keys)


LAYOUTS = (
    Layout("one for all", (PROVINCES,)),
    Layout("one a zone", _by(lambda province: province.zone)),
    Layout("one a province", _by(lambda province: province.code)),
    Layout("one a regency", _by(lambda province: province.code), one_each=True),
)


@dataclass(frozen=True)
class Wave:
    """What opens at one moment at one installation. ``connections``: that its machines have to the database."""

    name: str
    place: Installation
    connections: int


@dataclass(frozen=True)
class Result:
    layout: Layout
    scale: float
    wave: Wave
    outcome: Outcome

    @property
    def breaks(self) -> bool:
        return self.outcome.percentile(0.99) > ENOUGH or self.outcome.turned_away > MOST_LATER

    @property
    def busiest(self) -> str:
        return max(self.outcome.use, key=self.outcome.use.__getitem__)


def results(
    layouts: Sequence[Layout], scales: Sequence[float], crowd: Crowd, costs: Costs, hardware: Hardware, seed: int
) -> Iterator[Result]:
    """For each layout and scale the installation and zone that have it hardest."""
    for layout in layouts:
        wave = hardest(layout, crowd, hardware)
        for scale in scales:
            place = replace(wave.place, visitors=[scale * visitors for visitors in wave.place.visitors])
            yield Result(layout, scale, wave, Opening(place, crowd, costs, seed).run())


def hardest(layout: Layout, crowd: Crowd, hardware: Hardware) -> Wave:
    """By visitors for each core of the web."""
    return max(_waves(layout, crowd, hardware), key=lambda wave: sum(wave.place.visitors) / wave.place.web_cores)


def _waves(layout: Layout, crowd: Crowd, hardware: Hardware) -> Iterator[Wave]:
    for group in layout.groups:
        offices = 1 if layout.one_each else sum(province.regencies for province in group)
        for zone in ZONES:
            open_now = [province for province in group if province.zone == zone]
            if not open_now:
                continue
            visitors = [
                crowd.a_thousand * province.residents / 1000 / province.regencies
                for province in open_now
                for _ in range(1 if layout.one_each else province.regencies)
            ]
            name = group[0].name if len(group) == 1 else zone
            web, database, machines = _machines(offices, hardware)
            processes = min(web, hardware.processes_an_office or web)
            yield Wave(
                name,
                Installation(web, database, processes, visitors, hardware.slots, hardware.places),
                machines * hardware.connections_a_machine,
            )


def _machines(offices: int, hardware: Hardware) -> tuple[int, int, int]:
    """Cores of the web and of the database, and machines of the web. The smallest share one machine."""
    cores = offices * hardware.cores_an_office
    if cores <= hardware.cores_a_machine:
        return cores, 0, 1
    database = min(cores // OF_THE_DATABASE, hardware.largest_database)
    most = hardware.most_connections // hardware.connections_a_machine
    machines = min(-(-(cores - database) // hardware.cores_a_machine), most)
    return min(cores - database, machines * hardware.cores_a_machine), database, machines
