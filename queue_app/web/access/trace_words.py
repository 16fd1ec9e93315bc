"""Acts on accounts of staff, as the audit log says them."""

from __future__ import annotations

from queue_app.web.site.language import lazy_gettext as _l

OF_ACCOUNTS = {
    "staff.created": _l("Akun petugas dibuat"),
    "staff.edited": _l("Data petugas diubah"),
    "staff.reactivated": _l("Akun petugas diaktifkan lagi"),
    "staff.reset_link_made": _l("Tautan kata sandi baru dibuat"),
    "staff.password_reset": _l("Kata sandi baru dipilih lewat tautan, dan semua perangkat dikeluarkan"),
    "staff.second_factor_on": _l("Kode masuk dipasang"),
    "staff.second_factor_off": _l("Kode masuk dimatikan"),
    "staff.second_factor_reset": _l("Kode masuk diatur ulang, dan semua perangkat dikeluarkan"),
    "staff.recovery_codes_renewed": _l("Kode cadangan baru dibuat"),
    "staff.recovery_code_used": _l("Masuk dengan kode cadangan"),
    "invitation.made": _l("Petugas diundang"),
    "invitation.renewed": _l("Tautan undangan dibuat baru"),
    "invitation.withdrawn": _l("Undangan dicabut"),
    "staff.deactivated": _l("Akun petugas dinonaktifkan"),
    "staff.attempts_allowed": _l("Percobaan masuk baru diberikan"),
    "staff.password_changed": _l("Kata sandi diganti, dan semua perangkat dikeluarkan"),
    "staff.sessions_ended": _l("Petugas dikeluarkan dari perangkat"),
    "staff.logged_in": _l("Petugas masuk"),
    "staff.provider_linked": _l("Akun dihubungkan dengan penyedia akun"),
    "staff.provider_unlinked": _l("Akun diputuskan dari penyedia akun"),
    "staff.logged_out": _l("Petugas keluar"),
}
