"""Refusals for people that fill a page of their own, because there is no page to go back to."""

from __future__ import annotations

from queue_app.web.site.language import lazy_gettext as _l

# Title, and what to do now. `plain.py` says the same where Flask is not asked.
PAGES = {
    "not_found": (
        _l("Halaman tidak ditemukan"),
        _l(
            "Periksa lagi alamat atau tautannya. Mungkin hari kedatangannya sudah lama lewat dan datanya sudah dihapus."
        ),
    ),
    "forbidden": (
        _l("Halaman ini bukan untuk peran Anda"),
        _l("Masuk dengan akun lain, atau minta administrator kantor Anda untuk menambah peran."),
    ),
    "wrong_method": (
        _l("Halaman ini tidak dapat dibuka begitu saja"),
        _l("Mulai lagi dari halaman depan, lalu ikuti langkah-langkahnya."),
    ),
    "too_large": (
        _l("Kiriman terlalu besar"),
        _l("Kembali, perpendek isiannya atau pilih berkas yang lebih kecil, lalu kirim lagi."),
    ),
    "too_slow": (
        _l("Kiriman terlalu lambat"),
        _l("Isian Anda tidak sampai seluruhnya, dan belum ada yang tersimpan. Kembali, lalu kirim lagi."),
    ),
    "too_many": (
        _l("Terlalu banyak percobaan"),
        _l("Tunggu beberapa menit, lalu coba lagi. Tempat yang sudah Anda pesan tetap milik Anda."),
    ),
    "unavailable": (
        _l("Layanan sedang sangat sibuk"),
        _l("Tunggu beberapa detik, lalu muat ulang halaman ini. Yang sudah tersimpan tidak hilang."),
    ),
    "stale_form": (
        _l("Formulir ini tidak berlaku lagi"),
        _l(
            "Demi keamanan, formulir berlaku empat jam, dan hanya di browser yang menerima cookie. Belum ada yang "
            "tersimpan: buka lagi formulirnya, lalu kirim lagi."
        ),
    ),
    "bad_request": (
        _l("Permintaan tidak dapat dibaca"),
        _l("Kembali ke halaman sebelumnya, lalu coba lagi."),
    ),
    "server_error": (
        _l("Ada kesalahan pada sistem kami"),
        _l(
            "Ini bukan kesalahan Anda. Tunggu sebentar, lalu coba lagi. Sebelum memesan ulang, lihat dulu apakah "
            "tiket Anda sudah ada."
        ),
    ),
}
