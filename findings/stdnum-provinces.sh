#!/usr/bin/env bash
# python-stdnum 2.2: stdnum.id.nik refuses the NIKs of five of the 38 provinces.
#
# Seen: the codes 65 (Kalimantan Utara, since 2012), 92 (Papua Barat), 93, 95 and 96 (Papua Selatan, Pegunungan and
# Barat Daya, since 2022) of Kepmendagri 300.2.2-2138/2025 are no province to it. 94 is accepted: it is Papua Tengah in
# a NIK. The numbers below are of kecamatan 99, which exists nowhere, so they belong to nobody.
# Needs Python 3.10 or newer and PyPI. Exits with 1 when the library behaves otherwise.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install python-stdnum==2.2
"$folder/venv/bin/python" - <<'PYTHON'
import stdnum
from stdnum.id import nik

print("python-stdnum", stdnum.__version__)
provinces = [*range(11, 20), 21, *range(31, 37), 51, 52, 53, *range(61, 66), *range(71, 77), 81, 82, *range(91, 97)]
refused = [code for code in provinces if not nik.is_valid(f"{code}14990101900001")]
print("refused of", len(provinces), "provinces:", refused)
raise SystemExit(0 if refused == [65, 92, 93, 95, 96] else "It is otherwise now: see queue_app/domain/identity.py")
PYTHON
