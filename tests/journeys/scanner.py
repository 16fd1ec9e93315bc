"""A scanner that types: presses keys by their place on a US keyboard, whatever the computer makes of them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

SHIFT, CONTROL = 8, 2  # as the DevTools protocol counts modifiers
PLACES = {"-": "Minus", "]": "BracketRight", "/": "Slash", ".": "Period"}
# What each layout shows for a key, small and capital, where it differs from a US keyboard.
GERMAN = {"KeyY": "zZ", "KeyZ": "yY", "BracketRight": "+*"}
FRENCH = {
    **{f"Digit{digit}": f"{shown}{digit}" for digit, shown in zip("1234567890", "&é\"'(-è_çà", strict=True)},
    **{"KeyQ": "aA", "KeyA": "qQ", "KeyZ": "wW", "KeyW": "zZ", "KeyM": ",?", "BracketRight": "$£"},
}
HUNGARIAN = {"KeyY": "zZ", "KeyZ": "yY", "Digit0": "öÖ", "BracketRight": "úÚ"}
RUSSIAN = {
    f"Key{here}": f"{there}{there.upper()}"
    for here, there in zip("QWERTYUIOPASDFGHJKLZXCVBNM", "йцукенгшщзфывапролдячсмить", strict=True)
}
ENDS = {
    "CR": [("Enter", "Enter", 13, 0)],
    "LF": [("j", "KeyJ", 74, CONTROL)],
    "Tab": [("Tab", "Tab", 9, 0)],
    "CR LF": [("Enter", "Enter", 13, 0), ("j", "KeyJ", 74, CONTROL)],
    "none": [],
}


@dataclass(frozen=True)
class Scanner:
    """``pace``: ms between two keys. It does not look where the focus is.

    ``late``: after so many keys the computer stands still for so many ms, and then brings the others at once.
    """

    page: Page
    pace: float = 5
    end: str = "CR"
    prefix: str = ""
    layout: dict[str, str] | None = None
    caps_lock: bool = False
    late: tuple[int, int] = (0, 0)

    def scan(self, code: str) -> None:
        """Not key by key by way of this process, which would take longer than a scanner does.

        Each key bears the time at which a scanner presses it, as the keyboard's driver notes it: a busy browser gets
        them late, not further apart.
        """
        session = self.page.context.new_cdp_session(self.page)
        send = session._impl_obj.send

        async def type_all() -> None:
            answers = []
            due = time.time()
            for number, press in enumerate(self._presses(code)):
                if number == self.late[0]:
                    await asyncio.sleep(self.late[1] / 1000)
                for half, after in ((press, 0), ({**press, "type": "keyUp", "text": ""}, self.pace / 2)):
                    half["timestamp"] = due + after / 1000  # s since 1970
                    sent = send(method="Input.dispatchKeyEvent", params=half, timeout=None)
                    answers.append(asyncio.ensure_future(sent))
                due += self.pace / 1000
                await asyncio.sleep(max(0, due - time.time()))
            await asyncio.gather(*answers)

        session._sync(type_all())
        session.detach()

    def _presses(self, code: str) -> Iterator[dict[str, Any]]:
        for character in self.prefix + code:
            place = PLACES.get(character) or (f"Digit{character}" if character.isdigit() else f"Key{character.upper()}")
            shift = character.isupper()
            shown = self._shown(place, character, shift)
            yield _press(shown, place, ord(character.upper()), SHIFT if shift else 0, shown)
        for key, place, number, modifiers in ENDS[self.end]:
            yield _press(key, place, number, modifiers, "\r" if key == "Enter" else "")

    def _shown(self, place: str, character: str, shift: bool) -> str:
        shown = (self.layout or {}).get(place, character.lower() + character.upper())[shift]
        return shown.swapcase() if self.caps_lock and place.startswith("Key") else shown


def _press(key: str, place: str, number: int, modifiers: int, text: str) -> dict[str, Any]:
    kind = "keyDown" if text else "rawKeyDown"
    return {
        "type": kind,
        "key": key,
        "code": place,
        "windowsVirtualKeyCode": number,
        "modifiers": modifiers,
        "text": text,
    }
