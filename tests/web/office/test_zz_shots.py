"""pytest file used as a script"""
import pytest
from tests.office import *
from tests.web.office.test_in_the_browser import sign_in, scan
from tests.web.office.conftest import world
from tests.web.office.test_audit_words import _work
from queue_app.domain.roles import Role
from queue_app.models import Holiday, Slot
from queue_app.domain.calendar import Share
from datetime import date
OUT="/tmp/finish/shots"
@pytest.mark.parametrize("database_url",["sqlite"],indirect=True)
def test_shots(browser, live_server, world, client):
    from tests.office import Visitor
    v=Visitor(client).sign_in(world, world.staff(Role.ADMINISTRATOR, world.here, world.there))
    _work(v, world)
    for d,n in ((date(2026,1,1),"Tahun Baru"),(date(2026,8,17),"Kemerdekaan"),(date(2027,1,1),"Tahun Baru")):
        world.afresh().add(Holiday(date=d,name_id=n,name_en=n)); world.session.commit()
    from datetime import timedelta
    day3=date(2026,11,25)
    public=world.slot(day3,13)
    other = {name: getattr(public, name) for name in ("office_id", "service_id", "day", "starts_at", "ends_at")}
    world.session.add(Slot(service_day_id=public.service_day_id, share=Share.ASSISTED, **other, next_number=201,last_number=204,capacity=4,booked=1)); world.session.commit()
    admin=world.staff(Role.ADMINISTRATOR, world.here, world.there); desk=world.staff(Role.DESK)
    b=world.book(TODAY,9); early=world.book(TODAY,13); 
    ids={"audit":"/admin/jejak","audit_en":"/admin/jejak?lang=en","holidays":"/admin/libur?lang=id","quota":f"/admin/hari/kuota/{world.day(day3).id}","quota_closed":f"/admin/hari/kuota/{world.day(TOMORROW).id}"}
    early_t,b_t=world.token(early),world.token(b)
    for w in (360,1280):
        ctx=browser.new_context(base_url=live_server, viewport={"width":w,"height":760})
        page=ctx.new_page(); sign_in(page, world, admin, live_server)
        for n,p in ids.items():
            page.goto(p); page.screenshot(path=f"{OUT}/{n}-{w}.png", full_page=True)
        ctx.close()
        ctx=browser.new_context(base_url=live_server, viewport={"width":w,"height":760})
        page=ctx.new_page(); sign_in(page, world, desk, live_server)
        page.goto("/meja/pindai")
        for i,t in enumerate((b_t,b_t,early_t)):
            scan(page,t); page.wait_for_timeout(500); page.screenshot(path=f"{OUT}/scan{i}-{w}.png")
        ctx.close()
        ctx=browser.new_context(base_url=live_server, viewport={"width":w,"height":760})
        page=ctx.new_page()
        page.goto("/sragen/ktp-rekam"); page.locator("main form button, main a.govuk-button").first.click()
        page.wait_for_url("**/data"); page.locator("#name").fill("Siti Wahyuni"); page.locator("#nik").fill("33149917030500%02d"%(w%97)); page.locator("#phone").fill("081234567890")
        page.locator("main form button").last.click(); page.wait_for_url("**/pilih*")
        page.locator("input[name=slot_id]:enabled").first.check(); page.locator("[data-button]").click(); page.wait_for_url("**/t/*")
        page.screenshot(path=f"{OUT}/ticket-{w}.png", full_page=True)
        page.get_by_role("link",name="Ubah jadwal").click(); page.locator(".day-cards a").first.wait_for()
        page.screenshot(path=f"{OUT}/move-{w}.png", full_page=True)
        ctx.close()
