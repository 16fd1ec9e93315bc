"""Several services in a few words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from .language import in_language, ngettext

NAMED = 3  # services of a disruption or a closure


class Named(Protocol):
    """A service, or what is known of one."""

    @property
    def name_id(self) -> str: ...
    @property
    def name_en(self) -> str: ...


def names_of(services: Sequence[Named]) -> str:
    """The first ones by name: it may be about twenty."""
    names = [in_language(service, "name") for service in services]
    more = len(names) - NAMED
    if more <= 1:
        return ", ".join(names)
    return ", ".join(names[:NAMED]) + ngettext(" dan satu lagi", " dan %(num)d lagi", more) % {"num": more}
