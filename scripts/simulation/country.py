"""The country: provinces with their regencies, districts, people and zone.

Counts and codes: Keputusan Menteri Dalam Negeri 300.2.2-2138/2025. Residents: the civil registry's own count of the
second half of 2024. Where they were read was a public transcript of both.
"""

from __future__ import annotations

from dataclasses import dataclass

ZONES = ("WIB", "WITA", "WIT")  # each an hour after the one that follows: WIT opens first


@dataclass(frozen=True)
class Province:
    """``regencies``: kabupaten and kota, each with an office; ``districts``: kecamatan."""

    code: str
    name: str
    zone: str
    regencies: int
    districts: int
    residents: int


_TABLE = """
    11 WIB   23 290  5623479 Aceh
    12 WIB   33 455 15640905 Sumatera Utara
    13 WIB   19 179  5820359 Sumatera Barat
    14 WIB   12 172  7099297 Riau
    15 WIB   11 144  3834439 Jambi
    16 WIB   17 241  9064690 Sumatera Selatan
    17 WIB   10 129  2127957 Bengkulu
    18 WIB   15 229  9144263 Lampung
    19 WIB    7  47  1549562 Kepulauan Bangka Belitung
    21 WIB    7  80  2271890 Kepulauan Riau
    31 WIB    6  44 11038216 DKI Jakarta
    32 WIB   27 627 51316378 Jawa Barat
    33 WIB   35 576 38430645 Jawa Tengah
    34 WIB    5  78  3743365 DI Yogyakarta
    35 WIB   38 666 41919906 Jawa Timur
    36 WIB    8 155 12881374 Banten
    51 WITA   9  57  4375263 Bali
    52 WITA  10 117  5751295 Nusa Tenggara Barat
    53 WITA  22 315  5700772 Nusa Tenggara Timur
    61 WIB   14 174  5646268 Kalimantan Barat
    62 WIB   14 136  2825290 Kalimantan Tengah
    63 WITA  13 156  4305281 Kalimantan Selatan
    64 WITA  10 105  4123303 Kalimantan Timur
    65 WITA   5  55   770627 Kalimantan Utara
    71 WITA  15 171  2645291 Sulawesi Utara
    72 WITA  13 177  3219494 Sulawesi Tengah
    73 WITA  24 313  9528276 Sulawesi Selatan
    74 WITA  17 221  2824589 Sulawesi Tenggara
    75 WITA   6  77  1250960 Gorontalo
    76 WITA   6  69  1466741 Sulawesi Barat
    81 WIT   11 119  1935586 Maluku
    82 WIT   10 118  1394231 Maluku Utara
    91 WIT    9 105  1102360 Papua
    92 WIT    7  91   576255 Papua Barat
    93 WIT    4  82   562220 Papua Selatan
    94 WIT    8 131  1369112 Papua Tengah
    95 WIT    8 252  1470518 Papua Pegunungan
    96 WIT    6 132   623186 Papua Barat Daya
"""


def _read(line: str) -> Province:
    code, zone, regencies, districts, residents, name = line.split(maxsplit=5)
    return Province(code, name, zone, int(regencies), int(districts), int(residents))


PROVINCES = tuple(map(_read, _TABLE.strip().splitlines()))
