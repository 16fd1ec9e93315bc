"""Time codes for trying the program without a telephone: ``python -m queue_app.demo.time_code KEY``."""

from __future__ import annotations

import sys

import pyotp

if __name__ == "__main__":
    sys.stdout.write(pyotp.TOTP("".join(sys.argv[1:])).now() + "\n")
