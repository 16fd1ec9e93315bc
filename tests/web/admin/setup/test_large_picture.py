"""A logo as it comes from a telephone, in a real browser: drawn smaller before it is sent."""

import os
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

from queue_app.domain.roles import Role
from queue_app.domain.site import LOGO_FILE_MAX
from queue_app.models import SiteLogo
from queue_app.services.access.staff import start_session
from queue_app.web.access.rules import STAFF_COOKIE
from tests.harness.fakes import MONDAY_MORNING
from tests.harness.office import World

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]


def test_a_picture_of_megabytes_becomes_the_logo(
    browser: Browser, live_server: str, world: World, tmp_path: Path
) -> None:
    staff = world.staff(Role.ADMINISTRATOR, world.here, world.there)
    token = start_session(world.afresh(), staff.id, now=MONDAY_MORNING)
    world.session.commit()
    context = browser.new_context(base_url=live_server, service_workers="block")
    context.add_cookies([{"name": STAFF_COOKIE, "value": token, "url": live_server}])
    page = context.new_page()
    page.goto("/admin/tampilan/logo")
    field = page.get_by_label("Gambar logo")
    text = tmp_path / "surat.pdf"
    text.write_bytes(os.urandom(LOGO_FILE_MAX + 1))
    field.set_input_files(text)
    expect(page.get_by_role("status")).to_have_text(
        "Berkas ini bukan gambar yang dapat dipakai. Pilih PNG, JPEG, atau WebP."
    )
    assert field.evaluate("one => one.files.length") == 0
    photo = tmp_path / "foto.png"
    photo.write_bytes(_noise(1600, 800))
    assert photo.stat().st_size > 3_000_000
    field.set_input_files(photo)
    expect(page.get_by_role("status")).to_have_text("Gambar diperkecil sebelum dikirim.")
    page.get_by_role("button", name="Pasang logo").click()
    expect(page.get_by_text("Perubahan disimpan.")).to_be_visible()
    context.close()
    stored = world.afresh().get_one(SiteLogo, 1)
    assert (stored.width, stored.height) == (160, 80)


def _noise(width: int, height: int) -> bytes:
    """What cannot be packed: no picture is larger for its size."""
    file = BytesIO()
    Image.frombytes("RGB", (width, height), os.urandom(width * height * 3)).save(file, "PNG")
    return file.getvalue()
