"""The catalogue of services (`docs/rules.md` R-SERVICE-1), from which each civil-registry office takes its own.

Requirements are each office's own words: what stands here is a beginning that the administrator edits.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Category(StrEnum):
    """The document a service is about: how the list of services is grouped for citizens."""

    CARD = "card"  # KTP-el, Suket, IKD
    FAMILY_CARD = "family_card"
    CHILD_CARD = "child_card"
    CERTIFICATE = "certificate"
    MOVE = "move"
    OTHER = "other"


ANYONE = ("Pemohon atau anggota keluarga dalam satu KK", "The applicant or a member of the same family card")
IN_PERSON = ("Datang sendiri, tidak dapat diwakilkan", "In person; nobody can come in your place")


@dataclass(frozen=True)
class CatalogueService:
    """``needs``: requirements as (Indonesian, English); ``letter``: of queue numbers; ``quota``: places a day."""

    code: str
    category: Category
    name: tuple[str, str]
    summary: tuple[str, str]
    who: tuple[str, str]
    needs: tuple[tuple[str, str], ...]
    letter: str
    quota: int
    asks_recorded_before: bool = False


FAMILY_CARD = ("Fotokopi Kartu Keluarga (KK)", "Copy of the family card (KK)")
POLICE_LETTER = ("Surat kehilangan dari kepolisian", "Loss letter from the police")
OLD_CARD = ("KTP-el lama", "The old identity card")
PROOF = ("Bukti peristiwa (misalnya buku nikah, ijazah, atau akta)", "Proof of the event (marriage book, diploma …)")
PARENTS = ("KK dan KTP-el orang tua", "Family card and identity cards of the parents")

CATALOGUE = (
    CatalogueService(
        "KTP_REKAM", Category.CARD,
        ("Perekaman KTP-el", "Biometric recording for the first card"),
        ("Foto, sidik jari, iris, dan tanda tangan untuk KTP-el pertama.",
         "Photo, fingerprints, iris and signature for the first identity card."),
        ("Warga berusia 17 tahun ke atas atau sudah menikah; usia 16 tahun boleh merekam lebih awal. Harus datang "
         "sendiri.",
         "Residents of 17 and older, or married; from 16 one may record early. You must come yourself."),
        (FAMILY_CARD,), "A", 50, True,
    ),
    CatalogueService(
        "KTP_REKAM_LUAR", Category.CARD,
        ("Perekaman KTP-el luar domisili", "Recording outside one's domicile"),
        ("Perekaman bagi warga dari kabupaten atau kota lain.", "Recording for residents of other regencies."),
        ("Warga dari daerah lain tanpa perubahan data. Harus datang sendiri.",
         "Residents of other places, without a change of data. You must come yourself."),
        (FAMILY_CARD,), "B", 10, True,
    ),
    CatalogueService(
        "KTP_CETAK_HILANG", Category.CARD,
        ("Cetak ulang KTP-el hilang", "Reprint of a lost card"),
        ("Untuk yang sudah pernah merekam dan kartunya hilang.", "For those recorded before whose card is lost."),
        ANYONE, (POLICE_LETTER, FAMILY_CARD), "C", 30,
    ),
    CatalogueService(
        "KTP_CETAK_RUSAK", Category.CARD,
        ("Cetak ulang KTP-el rusak", "Reprint of a damaged card"),
        ("Untuk yang sudah pernah merekam dan kartunya rusak.", "For those recorded before whose card is damaged."),
        ANYONE, (("KTP-el yang rusak", "The damaged card"), FAMILY_CARD), "D", 30,
    ),
    CatalogueService(
        "KTP_UBAH", Category.CARD,
        ("KTP-el perubahan data", "Card after a change of data"),
        ("Misalnya setelah menikah, pindah alamat, atau perbaikan nama.", "After marriage, a move, or a correction."),
        ANYONE, (OLD_CARD, PROOF, FAMILY_CARD), "E", 30,
    ),
    CatalogueService(
        "KTP_PINDAH", Category.CARD,
        ("KTP-el pindah datang", "Card after moving in"),
        ("KTP-el baru setelah pindah dari daerah lain.", "A new card after moving here."),
        ANYONE, (("Surat pindah (SKPWNI)", "Moving letter (SKPWNI)"), FAMILY_CARD), "F", 20,
    ),
    CatalogueService(
        "KTP_AMBIL", Category.CARD,
        ("Pengambilan KTP-el", "Card collection"),
        ("Ambil KTP-el yang sudah tercetak.", "Collect a card that has been printed."),
        ANYONE, (("Bukti pengambilan atau pesan pemberitahuan", "Proof of collection or the notification"),), "G", 60,
    ),
    CatalogueService(
        "SUKET", Category.CARD,
        ("Tukar Suket menjadi KTP-el", "Exchange of the interim letter"),
        ("Surat keterangan pengganti KTP-el ditukar dengan kartu.", "The interim letter is exchanged for a card."),
        ANYONE, (("Surat keterangan (Suket)", "The interim letter (Suket)"), FAMILY_CARD), "H", 20,
    ),
    CatalogueService(
        "IKD", Category.CARD,
        ("Aktivasi Identitas Kependudukan Digital (IKD)", "Digital identity activation"),
        ("KTP dalam telepon Anda, diaktifkan di depan petugas.", "The identity on your phone, activated at the desk."),
        IN_PERSON, (("Telepon pintar dengan internet", "A smartphone with internet"), ("KTP-el", "Identity card")),
        "J", 40,
    ),
    CatalogueService(
        "KK_BARU", Category.FAMILY_CARD, ("Kartu Keluarga baru", "New family card"),
        ("Untuk keluarga baru.", "For a new household."), ANYONE, (PROOF, ("KK lama", "The old family card")), "K", 20,
    ),
    CatalogueService(
        "KK_UBAH", Category.FAMILY_CARD, ("Perubahan Kartu Keluarga", "Change of a family card"),
        ("Menambah, mengurangi, atau memperbaiki anggota keluarga.", "Add, remove or correct members."),
        ANYONE, (PROOF, ("KK lama", "The old family card")), "L", 30,
    ),
    CatalogueService(
        "KK_PISAH", Category.FAMILY_CARD, ("Pisah Kartu Keluarga", "Split of a family card"),
        ("Satu KK menjadi dua.", "One family card becomes two."),
        ANYONE, (PROOF, ("KK lama", "The old family card")), "M", 20,
    ),
    CatalogueService(
        "KK_HILANG", Category.FAMILY_CARD, ("Kartu Keluarga hilang atau rusak", "Lost or damaged family card"),
        ("Cetak ulang KK.", "Reprint of the family card."), ANYONE, (POLICE_LETTER,), "N", 20,
    ),
    CatalogueService(
        "KIA_05", Category.CHILD_CARD, ("Kartu Identitas Anak 0–5 tahun", "Child card, 0–5 years"),
        ("Tanpa foto.", "Without a photo."), ("Orang tua atau wali", "A parent or guardian"),
        (("Akta kelahiran anak", "The child's birth certificate"), PARENTS), "P", 20,
    ),
    CatalogueService(
        "KIA_17", Category.CHILD_CARD, ("Kartu Identitas Anak 5–17 tahun", "Child card, 5–17 years"),
        ("Dengan foto.", "With a photo."), ("Orang tua atau wali", "A parent or guardian"),
        (("Akta kelahiran anak", "The child's birth certificate"), PARENTS, ("Pasfoto anak", "Photo of the child")),
        "Q", 20,
    ),
    CatalogueService(
        "PINDAH", Category.MOVE, ("Surat pindah", "Moving out"),
        ("Pindah ke kabupaten atau kota lain.", "Moving to another regency."),
        ANYONE, (("Formulir F-1.03", "Form F-1.03"), ("KK asli", "The family card")), "R", 20,
    ),
    CatalogueService(
        "DATANG", Category.MOVE, ("Surat kedatangan", "Moving in"),
        ("Pindah dari kabupaten atau kota lain.", "Moving here from another regency."),
        ANYONE, (("Surat pindah (SKPWNI)", "Moving letter (SKPWNI)"),), "S", 20,
    ),
    CatalogueService(
        "AKTA_LAHIR", Category.CERTIFICATE, ("Akta kelahiran", "Birth certificate"),
        ("Pencatatan kelahiran.", "Registration of a birth."), ANYONE,
        (("Surat keterangan lahir dari rumah sakit atau bidan", "Letter from the hospital or midwife"), PARENTS),
        "T", 30,
    ),
    CatalogueService(
        "AKTA_MATI", Category.CERTIFICATE, ("Akta kematian", "Death certificate"),
        ("Pencatatan kematian.", "Registration of a death."), ANYONE,
        (("Surat keterangan kematian", "Letter of death"), FAMILY_CARD), "U", 20,
    ),
    CatalogueService(
        "AKTA_KAWIN", Category.CERTIFICATE, ("Akta perkawinan (non-Muslim)", "Civil marriage certificate"),
        ("Pencatatan perkawinan.", "Registration of a marriage."),
        ("Kedua mempelai datang sendiri bersama dua saksi", "Both spouses in person, with two witnesses"),
        (("Surat pemberkatan perkawinan", "Letter of the religious ceremony"), FAMILY_CARD), "V", 5,
    ),
    CatalogueService(
        "LEGALISIR", Category.OTHER, ("Legalisir dokumen", "Certified copies"),
        ("Pengesahan fotokopi dokumen kependudukan.", "Copies of registry documents are certified."),
        ANYONE, (("Dokumen asli dan fotokopinya", "The originals and their copies"),), "W", 40,
    ),
    CatalogueService(
        "SINKRON", Category.OTHER, ("Sinkronisasi data", "Data consolidation"),
        ("Bila NIK tidak dikenali bank, BPJS, atau lembaga lain.", "When your NIK is unknown to a bank or BPJS."),
        ANYONE, (FAMILY_CARD, ("KTP-el", "Identity card")), "X", 30,
    ),
    CatalogueService(
        "KONSUL", Category.OTHER, ("Konsultasi dan pengaduan", "Advice and complaints"),
        ("Bertanya atau mengadu kepada petugas.", "Ask, or make a complaint."), ANYONE, (), "Y", 20,
    ),
)  # fmt: skip
