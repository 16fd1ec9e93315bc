"""The pages that staff move between, in groups: their words in the menu, and as doors on the start page."""

from __future__ import annotations

from collections import UserString
from dataclasses import dataclass

from .language import lazy_gettext as _l


@dataclass(frozen=True)
class Page:
    """``text``: its word in the menu; None where another page of the menu leads there. ``title`` and ``detail``: its
    door. The permission is the one that the view of the ``endpoint`` asks for. ``also``: where addresses begin that lie
    below it by what they are about."""

    endpoint: str
    text: UserString | None
    title: UserString
    detail: UserString
    also: tuple[str, ...] = ()


SERVING = (
    Page(
        "desk.scan",
        _l("Pindai"),
        _l("Pindai tiket"),
        _l("Catat orang yang datang: pindai kode QR atau ketik kode pemesanan."),
    ),
    Page(
        "desk.arrivals",
        _l("Kedatangan"),
        _l("Daftar kedatangan"),
        _l("Siapa yang ditunggu hari ini, siapa yang sudah hadir."),
    ),
    Page(
        "desk.paper_list",
        None,
        _l("Daftar hari di kertas"),
        _l("Untuk dicetak, bila listrik atau jaringan padam."),
    ),
    Page(
        "desk.assist",
        _l("Bantu warga"),
        _l("Bantu warga memesan"),
        _l("Untuk yang datang tanpa pemesanan, atau tidak punya telepon."),
    ),
    Page(
        "desk.call_lists",
        _l("Telepon"),
        _l("Daftar telepon"),
        _l("Orang yang jadwalnya ditutup dan belum diberi tahu."),
    ),
    Page("counter.page", _l("Loket"), _l("Loket"), _l("Panggil, layani, dan selesaikan antrean.")),
    Page(
        "counter.disruption",
        _l("Gangguan"),
        _l("Gangguan"),
        _l("Hentikan panggilan untuk layanan yang terganggu, dan lanjutkan lagi."),
    ),
)
DAYS = (
    Page(
        "admin.quota",
        _l("Kuota"),
        _l("Layanan, jadwal, dan kuota"),
        _l("Ubah jadwal mingguan, kuota satu hari, atau syarat layanan."),
        also=("/admin/jadwal", "/admin/hari", "/admin/saran-kuota"),
    ),
    Page(
        "admin.calendar",
        _l("Kalender"),
        _l("Kalender"),
        _l("Kuota satu bulan atau minggu; ubah banyak hari atau jam sekaligus."),
    ),
    Page(
        "admin.closures",
        _l("Penutupan"),
        _l("Penutupan"),
        _l("Tutup hari atau jam, dan tawarkan tempat lain kepada yang terdampak."),
    ),
    Page(
        "admin.holidays",
        _l("Hari libur"),
        _l("Hari libur"),
        _l("Hari libur nasional, cuti bersama, dan libur setempat."),
    ),
)
OFFICE = (
    Page(
        "admin.setup",
        _l("Persiapan"),
        _l("Persiapan kantor"),
        _l("Langkah demi langkah sampai kantor siap buka; titik layanan baru."),
        also=("/admin/tampilan",),
    ),
    Page("admin.office", _l("Data kantor"), _l("Data kantor"), _l("Alamat, jam buka, telepon, dan kanal pengaduan.")),
    Page(
        "admin.counters",
        _l("Loket kantor"),
        _l("Loket kantor"),
        _l("Loket dan layanannya, dan aturan siapa dipanggil berikutnya."),
        also=("/admin/aturan-panggilan",),
    ),
    Page(
        "admin.announcements",
        _l("Pengumuman"),
        _l("Pengumuman"),
        _l("Kabar untuk warga, di halamannya dan di layar ruang tunggu."),
    ),
)
PEOPLE = (
    Page("admin.staff", _l("Petugas"), _l("Petugas"), _l("Buat akun petugas, atau nonaktifkan.")),
    Page(
        "admin.roster",
        _l("Jadwal petugas"),
        _l("Jadwal petugas"),
        _l("Siapa bertugas di loket mana dan kapan, dan saran kuota menurut jadwalnya."),
    ),
    Page(
        "admin.devices",
        _l("Kios"),
        _l("Kios"),
        _l("Kios antrean di ruang tunggu: daftarkan, kunci, pilih printernya."),
    ),
    Page(
        "admin.printers",
        _l("Printer"),
        _l("Printer struk"),
        _l("Printer tiket di meja depan: tambah, cetak halaman uji."),
    ),
)
MESSAGES = (
    Page(
        "admin.outbox",
        _l("Pesan keluar"),
        _l("Pesan keluar"),
        _l("Konfirmasi dan pengingat yang dikirim, dan tugas berkala."),
    ),
    Page(
        "admin.message_texts",
        _l("Teks pesan"),
        _l("Teks pesan"),
        _l("Kata-kata dalam konfirmasi, pengingat, dan pesan lain kepada warga."),
    ),
    Page(
        "admin.message_facts",
        _l("Pesan terkirim"),
        _l("Pesan terkirim"),
        _l("Kapan dikirim, lewat apa, untuk tiket mana: tanpa isinya."),
    ),
    Page(
        "admin.webhooks",
        _l("Webhook"),
        _l("Webhook"),
        _l("Program mitra yang diberi tahu begitu sesuatu terjadi, dan kirimannya."),
    ),
    Page(
        "admin.imports",
        _l("Impor dan ekspor"),
        _l("Impor dan ekspor"),
        _l("Petugas, layanan, hari libur, dan pemesanan dari CSV atau XLSX; semua tabel untuk dibawa."),
        also=("/admin/ekspor",),
    ),
    Page(
        "admin.backups",
        _l("Cadangan"),
        _l("Cadangan dan pemulihan"),
        _l("Cadangan terakhir, dan apakah cadangan itu sudah diuji."),
    ),
)
OVERSIGHT = (
    Page(
        "admin.figures_today",
        _l("Angka"),
        _l("Angka"),
        _l("Hari ini dan laporan: kuota, kedatangan, waktu tunggu, hasil."),
    ),
    Page(
        "admin.survey_results",
        _l("Survei kepuasan"),
        _l("Survei kepuasan"),
        _l("Nilai kepuasan masyarakat untuk sembilan unsur pelayanan."),
    ),
    Page(
        "admin.coverage",
        _l("Cakupan"),
        _l("Cakupan perekaman"),
        _l("Berapa wajib KTP-el yang sudah direkam di tiap kecamatan."),
    ),
    Page("admin.audit", _l("Jejak audit"), _l("Jejak audit"), _l("Siapa mengubah apa, kapan, dan mengapa.")),
    Page(
        "admin.exceptions",
        _l("Kejanggalan"),
        _l("Kejanggalan"),
        _l("Yang tidak biasa pada satu hari, untuk diperiksa."),
    ),
    Page(
        "admin.protection",
        _l("Pelindungan data"),
        _l("Pelindungan data"),
        _l("Permintaan warga tentang datanya, bukti penghapusan, kegagalan pelindungan."),
        also=("/admin/insiden",),
    ),
)

# The groups in the order in which a day needs them, and the pages of each in the order of its work.
GROUPS = (
    (_l("Pelayanan"), SERVING),
    (_l("Jadwal dan kuota"), DAYS),
    (_l("Kantor"), OFFICE),
    (_l("Petugas dan perangkat"), PEOPLE),
    (_l("Pesan dan data"), MESSAGES),
    (_l("Angka dan pengawasan"), OVERSIGHT),
)
