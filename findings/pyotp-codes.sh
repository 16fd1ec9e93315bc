#!/usr/bin/env bash
# pyotp 2.12: what it takes for a code, and where it fails instead of refusing.
#
# Seen: a code in full-width digits is accepted, one with a blank before or after it is not; a surrogate raises
# UnicodeEncodeError instead of being refused; within a step of 1970 (a machine without a clock) a tolerant check raises
# ValueError; a number instead of a text loses its leading noughts; secrets of less than 112 bits are refused. A colon in
# the issuer is quoted, and its own reader gives it back.
# Needs Python 3.10 or newer and PyPI. Exits with 1 when the library behaves otherwise.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install pyotp==2.12.1
"$folder/venv/bin/python" - <<'PYTHON'
import pyotp

totp = pyotp.TOTP("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
at = next(30 * step for step in range(10**6) if totp.at(30 * step).startswith("0"))
code = totp.at(at)
wide = "".join(chr(ord(digit) + 0xFEE0) for digit in code)


def of(act):
    try:
        return act()
    except Exception as problem:
        return type(problem).__name__


seen = {
    "full width": of(lambda: totp.verify(wide, for_time=at)),
    "blank": of(lambda: totp.verify(code + " ", for_time=at)),
    "surrogate": of(lambda: totp.verify("\ud800", for_time=at)),
    "1970": of(lambda: totp.verify(code, for_time=0, valid_window=1)),
    "number": of(lambda: totp.verify(int(code), for_time=at)),
    "short secret": of(lambda: pyotp.TOTP("JBSWY3DPEHPK3PXP").at(at)),
    "colon": pyotp.parse_uri(totp.provisioning_uri(name="siti", issuer_name="A: B")).issuer,
}
print(seen)
expected = [True, False, "UnicodeEncodeError", "ValueError", False, "ValueError", "A: B"]
raise SystemExit(0 if list(seen.values()) == expected else "It is otherwise now: see services/access/time_codes.py")
PYTHON
