"""What usually stops when something fails."""

import pytest

from queue_app.domain.disruptions import DisruptionKind, usually_stops
from queue_app.domain.disruptions import DisruptionKind as Kind


@pytest.mark.parametrize(
    ("kind", "stopped", "goes_on"),
    [
        (Kind.DEVICE, {"KTP_REKAM", "KTP_REKAM_LUAR"}, {"KK_BARU", "KTP_AMBIL", "AKTA_LAHIR"}),
        (Kind.BLANK_CARDS, {"KTP_CETAK_HILANG", "SUKET"}, {"KTP_REKAM", "KTP_AMBIL", "KK_UBAH"}),
        (Kind.CENTRAL_SERVER, {"KTP_REKAM", "KK_BARU", "IKD", "LAYANAN_KAMI"}, {"KONSUL", "LEGALISIR", "KTP_AMBIL"}),
        (Kind.POWER, {"KTP_REKAM", "KONSUL", "LAYANAN_KAMI"}, set()),
    ],
)
def test_what_needs_it_stops_and_the_rest_goes_on(kind: DisruptionKind, stopped: set[str], goes_on: set[str]) -> None:
    assert {code for code in stopped | goes_on if usually_stops(kind, code)} == stopped
