"""Disruptions: an office cannot give some of its services, and usually the same ones."""

from __future__ import annotations

from enum import StrEnum

from .errors import DomainError


class DisruptionKind(StrEnum):
    CENTRAL_SERVER = "central_server"
    DEVICE = "device"
    BLANK_CARDS = "blank_cards"
    POWER = "power"


class SecondPersonNeeded(DomainError):
    """Nobody but an administrator ends the day alone. ``details['why']``: missing, the_same, or not_allowed (they may
    not stop the calling of this office).
    """

    code = "second_person_needed"


RECORDINGS = frozenset({"KTP_REKAM", "KTP_REKAM_LUAR"})
PRINTS_A_CARD = frozenset({"KTP_CETAK_HILANG", "KTP_CETAK_RUSAK", "KTP_UBAH", "KTP_PINDAH", "SUKET"})
# Advice, a stamp on a copy, a card that is printed already.
WITHOUT_THE_SERVER = frozenset({"KONSUL", "LEGALISIR", "KTP_AMBIL"})


def usually_stops(kind: DisruptionKind, service_code: str) -> bool:
    """What a form proposes (`docs/rules.md` R-DISRUPT-1): the office knows better, and a service of its own is only
    thought to need what nearly all of them need.
    """
    if kind is DisruptionKind.DEVICE:
        return service_code in RECORDINGS
    if kind is DisruptionKind.BLANK_CARDS:
        return service_code in PRINTS_A_CARD
    if kind is DisruptionKind.CENTRAL_SERVER:
        return service_code not in WITHOUT_THE_SERVER
    return True
