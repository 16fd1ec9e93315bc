"""Write the end of the audit chain down where the database is not, and mail it once a day.

Whoever can write to the database can delete the newest entries together with their seals, and what is left still fits.
They cannot make a line in a file unwritten, nor a mail unsent.
"""

from __future__ import annotations

import os
from datetime import datetime

from queue_app.adapters.anchor_file import AnchorFolder
from queue_app.adapters.senders import Message
from queue_app.config import Settings
from queue_app.domain.anchors import Anchor
from queue_app.queries.records.anchored import newest_seal

from .context import keyring, now, reading, settings
from .outbox import open_senders

MAILED = "mailed"  # beside the anchors: the day of each mail


def anchor_audit() -> int:
    """Raises OSError, SendingFailed."""
    written = write_anchor()
    return written + _mail_anchor(settings(), now())


def write_anchor() -> int:
    """One line more when the chain has grown since the last one; return how many. Raises OSError."""
    with reading() as session:
        end = newest_seal(session, now=now())
    folder = _folder()
    newest = folder.newest()
    if end is None or (newest is not None and newest.sequence >= end.sequence):
        return 0
    folder.append(end)
    return 1


def _folder() -> AnchorFolder:
    return AnchorFolder(settings().anchors_folder, keyring())


def _mail_anchor(of: Settings, moment: datetime) -> int:
    """The newest one, each day; the day is noted once the mail server has it."""
    anchor = _folder().newest()
    if of.anchor_mail is None or anchor is None:
        return 0
    noted, day = of.anchors_folder / MAILED, moment.date().isoformat()
    if noted.exists() and day in noted.read_text(encoding="ascii").split():
        return 0
    senders = open_senders(of)
    try:
        sender, recipient = senders.choose(email=of.anchor_mail, phone=None)
        sender.send(_letter(anchor, _folder().line(anchor), recipient, moment))
    finally:
        senders.close()
    with os.fdopen(os.open(noted, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "w", encoding="ascii") as file:
        file.write(f"{day}\n")
    return 1


def _letter(anchor: Anchor, line: str, recipient: str | None, moment: datetime) -> Message:
    day = moment.date().isoformat()
    return Message(
        id=anchor.sequence,
        reference=f"anchor-{day}",
        kind="anchor",
        recipient=recipient,
        subject=f"Jangkar jejak audit {day}",
        text=TEXT.format(line=line),
        written_at=moment,
    )


TEXT = """\
Simpan surat ini. Baris berikut membuktikan sampai mana jejak audit sudah ada:

{line}

Untuk mencocokkan: simpan baris itu dalam berkas .txt di folder "anchors" server, lalu jalankan "queue-app check".

--
Keep this letter. The line above proves how far the audit log had come. To compare: put that line into a .txt file
in the server's folder "anchors", and run "queue-app check".
"""
