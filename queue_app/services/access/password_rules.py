"""The passwords that will do: long ones that nobody tries first. No rules of composition (NIST SP 800-63B, 3.1.1.2)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from queue_app.domain.errors import WeakPassword

PASSWORD_MIN = 12
PASSWORD_MAX = 200
# Guesses that it must outlast, as powers of ten: one that is tried among the first hundred million is none.
LEAST_SCORE = 3
ESTIMATED = 24  # characters that are looked at: the estimate of longer ones can take seconds, and they are good enough

# Words of this place, this office and this program, which whoever guesses here tries first.
OF_THIS_PLACE = (
    *("administrator", "admin", "antrean", "antrian", "desa", "disdukcapil", "dispendukcapil", "dukcapil", "dinas"),
    *("indonesia", "jateng", "kabupaten", "kantor", "kecamatan", "kepala", "loket", "merdeka", "pegawai", "petugas"),
    *("ktp", "kartu", "keluarga", "akta", "kependudukan", "pencatatan", "sipil", "pelayanan", "queue", "sragen"),
    *("kata", "sandi", "katasandi", "rahasia", "sayang", "bismillah", "semangat", "selamat", "pagi", "masuk"),
)


def require_strong(password: str, *, about: Iterable[str]) -> None:
    """Raise WeakPassword for one that is too short, too long, common, or made of known words.

    ``about``: what others know of the person: user name, name, offices. Known are the thirty thousand passwords that
    leaked most often, names and words of English, dates, keyboards, repetitions, and `OF_THIS_PLACE`.
    """
    # Not before somebody chooses a password: its lists take a worker several megabytes.
    from zxcvbn import zxcvbn

    words = [word for text in about for word in (text, *re.split(r"[^\w]+", text)) if len(word) > 2]
    if not PASSWORD_MIN <= len(password) <= PASSWORD_MAX:
        raise WeakPassword(minimum=PASSWORD_MIN)
    if zxcvbn(password[:ESTIMATED], user_inputs=[*words, *OF_THIS_PLACE])["score"] < LEAST_SCORE:
        raise WeakPassword(minimum=PASSWORD_MIN)
