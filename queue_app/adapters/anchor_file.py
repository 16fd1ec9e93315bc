"""The anchors as a file: one line each, only ever added to, a file for each year."""

from __future__ import annotations

import hmac
import os
from collections.abc import Iterator
from pathlib import Path

from queue_app.domain.anchors import Anchor, in_force, read_anchor
from queue_app.domain.keyring import Keyring

SIGNED = " "  # between what is signed and the signature


class AnchorFolder:
    """``folder`` is made when it is missing, readable by its owner only."""

    def __init__(self, folder: Path, keyring: Keyring) -> None:
        self._folder, self._keyring = folder, keyring

    def append(self, anchor: Anchor) -> None:
        """On the disk when it returns. Raises OSError, and then nothing was added."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = os.open(self._path(anchor), os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            self._leave_to_the_owner(file)
            line = f"{self.line(anchor)}\n".encode("ascii")
            before = os.fstat(file).st_size
            if os.write(file, line) != len(line):  # the disk is full: half a line would look like a forged one
                os.ftruncate(file, before)
                raise OSError("the line of the anchor was cut off")
            os.fsync(file)
        finally:
            os.close(file)

    def read(self) -> tuple[list[Anchor], list[str]]:
        """The anchors, and a sentence for each line that this program has not written so."""
        anchors, problems = [], []
        for path, number, line in self._lines():
            text, _, signature = line.rpartition(SIGNED)
            try:
                if not hmac.compare_digest(signature.encode(), self._signature(text).encode()):
                    raise ValueError("not signed by this installation's key")
                anchors.append(read_anchor(text))
            except ValueError:
                problems.append(f"{path.name}, line {number}: was altered, or signed with another key")
        return anchors, problems

    def line(self, anchor: Anchor) -> str:
        return f"{anchor.text}{SIGNED}{self._signature(anchor.text)}"

    def newest(self) -> Anchor | None:
        """The one furthest in the chain, as it is since the last restoration."""
        anchors, _problems = self.read()
        return max(in_force(anchors), key=lambda anchor: anchor.sequence, default=None)

    def _lines(self) -> Iterator[tuple[Path, int, str]]:
        for path in sorted(self._folder.glob("*.txt")):
            lines = path.read_text(encoding="ascii", errors="replace").splitlines()
            yield from ((path, number, line) for number, line in enumerate(lines, 1))

    def _path(self, anchor: Anchor) -> Path:
        return self._folder / f"{anchor.at.year}.txt"

    def _signature(self, text: str) -> str:
        return self._keyring.sign_anchor(text.encode()).hex()

    def _leave_to_the_owner(self, file: int) -> None:
        """Of the instance: a check run by root must not leave a file that the scheduler cannot write to."""
        if os.geteuid() == 0:
            owner = self._folder.parent.stat()
            for one in (file, self._folder):
                os.chown(one, owner.st_uid, owner.st_gid)
