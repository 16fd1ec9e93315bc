"""What people type to find a service, and what they mean by it: one table for the server and for the script.

The codes are those of the demo's catalogue, in its order; "" finds nothing.
"""

from __future__ import annotations

_CARDS = "KTP_REKAM KTP_REKAM_LUAR KTP_CETAK_HILANG KTP_CETAK_RUSAK KTP_UBAH KTP_PINDAH KTP_AMBIL SUKET"
SEARCHES = {
    "ktp hilang": "KTP_CETAK_HILANG",
    "KTP-el Hilang!": "KTP_CETAK_HILANG",
    "saya kehilangan KTP": "KTP_CETAK_HILANG",
    "ktp hil": "KTP_CETAK_HILANG",  # on the way to "hilang"
    "kk": "KK_BARU KK_UBAH KK_PISAH KK_HILANG LEGALISIR",
    "kk hilang": "KK_HILANG",
    "kartu keluarga": "KK_BARU KK_UBAH KK_PISAH KK_HILANG",
    "akte": "AKTA_LAHIR AKTA_MATI AKTA_KAWIN LEGALISIR",
    "akte anak": "AKTA_LAHIR",
    "mau bikin akte anak": "AKTA_LAHIR",
    "suket": "SUKET",
    "pindah": "KTP_UBAH KTP_PINDAH PINDAH DATANG",
    "pindahan": "KTP_UBAH KTP_PINDAH PINDAH DATANG",
    "surat pindah": "KTP_UBAH KTP_PINDAH PINDAH DATANG",
    "nikah": "KTP_UBAH KK_BARU KK_PISAH AKTA_KAWIN",
    "cetak": "KTP_CETAK_HILANG KTP_CETAK_RUSAK KK_HILANG",
    "anak": "KK_UBAH KIA_05 KIA_17 AKTA_LAHIR",
    "bayi baru lahir": "KK_UBAH AKTA_LAHIR",
    "meninggal": "KK_UBAH AKTA_MATI",
    "rekam": "KTP_REKAM KTP_REKAM_LUAR",
    "nik tidak aktif": "SINKRON",
    "pungli": "KONSUL",
    "ektp": _CARDS,
    "lost card": "KTP_CETAK_HILANG KK_HILANG",
    "divorce": "KK_PISAH",
    "ākte Ánák": "AKTA_LAHIR",
    "paspor": "",
    "": "",
    "-": "",
}
