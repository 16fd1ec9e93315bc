"""The names of what setting an office up leaves in the audit log."""

from __future__ import annotations

from queue_app.web.site.language import lazy_gettext as _l

ACTIONS_OF_SETUP = {
    "office.address": _l("Alamat halaman kantor diubah"),
    "office.address_given_up": _l("Alamat lama kantor dilepas"),
    "office.created": _l("Kantor dibuat"),
    "office.region": _l("Wilayah kantor diubah"),
    "office.zone": _l("Zona waktu kantor diubah"),
    "offering.added": _l("Layanan ditambahkan"),
    "offering.letter": _l("Huruf nomor diubah"),
    "offering.moved": _l("Urutan layanan diubah"),
    "offering.renamed": _l("Nama layanan diubah"),
    "offering.resumed": _l("Layanan diberikan lagi"),
    "offering.stopped": _l("Layanan dihentikan"),
    "site.logo": _l("Logo diubah"),
    "site.updated": _l("Judul dan warna halaman diubah"),
}
SUBJECTS_OF_SETUP = {"site": _l("Situs")}
FIELDS_OF_SETUP = {
    "administrators": _l("Administrator"),
    "brand_colour": _l("Warna"),
    "former_slug": _l("Alamat lama"),
    "legal_basis": _l("Dasar hukum"),
    "letter": _l("Huruf nomor"),
    "logo": _l("Logo"),
    "minutes": _l("Lama pelayanan, menit"),
    "name_en": _l("Nama (Inggris)"),
    "name_id": _l("Nama"),
    "place": _l("Nomor urut"),
    "region_code": _l("Kode wilayah"),
    "region_name": _l("Wilayah"),
    "service": _l("Layanan"),
    "slug": _l("Alamat halaman"),
    "steps_en": _l("Langkah pelayanan (Inggris)"),
    "steps_id": _l("Langkah pelayanan"),
    "subtitle": _l("Baris kedua"),
    "summary_en": _l("Untuk apa (Inggris)"),
    "summary_id": _l("Untuk apa"),
    "time_zone": _l("Zona waktu"),
    "title": _l("Judul"),
}
