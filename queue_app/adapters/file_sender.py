"""Messages as files, where there is no mail server or no address: the administrator reads them and sends by hand."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from .senders import ChannelClosed, Message, mask_recipient


class FileSender:
    """Writes each message to ``<folder>/<id>.txt``, readable by the program's own account only."""

    channel = "file"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, message: Message) -> None:
        head = (f"To: {mask_recipient(message.recipient)}", f"Kind: {message.kind}", f"Subject: {message.headline}")
        try:
            self._write(f"{message.id}.txt", "\n".join((*head, "", message.text)))
        except OSError as fault:
            raise ChannelClosed(f"outbox folder: {type(fault).__name__}") from None

    def close(self) -> None:
        """Nothing stays open."""

    def remove_before(self, instant: datetime) -> int:
        """Delete the files written before ``instant``; return how many."""
        old = [path for path in self._folder.glob("*.txt") if path.stat().st_mtime < instant.timestamp()]
        for path in old:
            path.unlink(missing_ok=True)
        return len(old)

    def remove(self, ids: Iterable[int]) -> None:
        """Delete the files of these messages, where there are any."""
        for message_id in ids:
            (self._folder / f"{message_id}.txt").unlink(missing_ok=True)

    def _write(self, name: str, content: str) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder.chmod(0o700)
        draft = self._folder / f".{name}.{secrets.token_hex(4)}"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(self._folder / name)  # appears whole or not at all
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
