"""Webhooks of partners: the list, a new one, its secret, what went to it, and what is sent again by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, g, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from queue_app.db import db, unit_of_work
from queue_app.domain.errors import DomainError
from queue_app.domain.roles import Permission
from queue_app.models import Webhook
from queue_app.queries.access.permitted import offices_permitted
from queue_app.queries.access.staff import administers_every_office
from queue_app.queries.records import webhooks as asked
from queue_app.queries.records.webhooks import Reach
from queue_app.services.records import webhooks as webhook_service
from queue_app.web.access.rules import requires
from queue_app.web.admin.blueprint import bp
from queue_app.web.forms.row_numbers import row_number
from queue_app.web.request import actor, keyring, now
from queue_app.web.site.language import gettext as _

from .webhook_form import DeliveryFilterForm, WebhookForm
from .webhook_words import EVENTS, OFF, STATES, TYPES, outcome_said

SHOWN_ONCE = "webhook_secret"  # in the session: [webhook id, secret], until it was shown
A_PAGE = 50


@bp.get("/webhook")
@requires(Permission.MANAGE_WEBHOOKS)
def webhooks() -> str:
    rows = asked.webhooks_within(db.session(), _reach())
    return _page("admin/webhooks.html", webhooks=rows, waiting=asked.waiting_by_webhook(db.session()))


@bp.route("/webhook/baru", methods=["GET", "POST"])
@requires(Permission.MANAGE_WEBHOOKS)
def new_webhook() -> str | Response | tuple[str, int]:
    form = WebhookForm(_reach())
    if form.validate_on_submit():
        try:
            with unit_of_work() as unit:
                webhook, secret = webhook_service.create(
                    unit, form.wanted(), keyring=keyring(), actor=actor(), now=now()
                )
                webhook_id = webhook.id
            return _show_once(webhook_id, secret)
        except DomainError as refusal:
            form.refuse(refusal)
    return _page("admin/webhook_new.html", form=form), 422 if form.is_submitted() else 200


@bp.get("/webhook/<int:webhook_id>")
@requires(Permission.MANAGE_WEBHOOKS)
def webhook(webhook_id: int) -> str:
    """One of them, with what went to it: the newest first."""
    row, form = _webhook(webhook_id), DeliveryFilterForm(request.args)
    before_id = request.args.get("sebelum", type=row_number)
    found = asked.deliveries_of(db.session(), row.id, **form.wanted(), before_id=before_id, limit=A_PAGE + 1)
    shown = found[:A_PAGE]
    return _page(
        "admin/webhook.html",
        webhook=row,
        form=form,
        deliveries=shown,
        next_before=shown[-1].id if len(found) > A_PAGE else None,
        address=form.in_address(),
    )


@bp.route("/webhook/<int:webhook_id>/ubah", methods=["GET", "POST"])
@requires(Permission.MANAGE_WEBHOOKS)
def change_webhook(webhook_id: int) -> str | Response | tuple[str, int]:
    row, reach = _webhook(webhook_id), _reach()
    form = WebhookForm(reach, row)
    if form.validate_on_submit():
        try:
            with unit_of_work() as unit:
                changed = webhook_service.change(unit, row.id, reach, form.wanted(), actor=actor(), now=now())
            flash(_("Perubahan disimpan.") if changed else _("Tidak ada yang berubah."), "success")
            return redirect(url_for(".webhook", webhook_id=webhook_id), 303)
        except DomainError as refusal:
            form.refuse(refusal)
    page = _page("admin/webhook_new.html", form=form, webhook=row)
    return page, 422 if form.is_submitted() else 200


@bp.get("/webhook/<int:webhook_id>/rahasia")
@requires(Permission.MANAGE_WEBHOOKS)
def webhook_secret(webhook_id: int) -> str:
    """The secret, the one time that it can be seen; afterwards how to get another one."""
    row = _webhook(webhook_id)
    shown_for, secret = session.pop(SHOWN_ONCE, (None, None))
    return _page("admin/webhook_secret.html", webhook=row, secret=secret if shown_for == row.id else None)


@bp.post("/webhook/<int:webhook_id>/rahasia")
@requires(Permission.MANAGE_WEBHOOKS)
def change_webhook_secret(webhook_id: int) -> Response:
    with unit_of_work() as unit:
        secret = webhook_service.change_secret(unit, webhook_id, _reach(), keyring=keyring(), actor=actor(), now=now())
    return _show_once(webhook_id, secret)


@bp.post("/webhook/<int:webhook_id>/matikan")
@requires(Permission.MANAGE_WEBHOOKS)
def switch_webhook_off(webhook_id: int) -> Response:
    return _switched(webhook_id, webhook_service.switch_off, _("Webhook %(name)s dimatikan."))


@bp.post("/webhook/<int:webhook_id>/nyalakan")
@requires(Permission.MANAGE_WEBHOOKS)
def switch_webhook_on(webhook_id: int) -> Response:
    return _switched(webhook_id, webhook_service.switch_on, _("Webhook %(name)s dinyalakan lagi."))


@bp.post("/webhook/<int:webhook_id>/uji")
@requires(Permission.MANAGE_WEBHOOKS)
def try_webhook(webhook_id: int) -> Response:
    with unit_of_work() as unit:
        webhook_service.send_trial(unit, webhook_id, _reach(), now=now())
    flash(_("Kiriman uji berangkat dalam beberapa detik. Muat ulang halaman untuk melihat jawabannya."), "success")
    return redirect(url_for(".webhook", webhook_id=webhook_id), 303)


@bp.get("/webhook/kiriman/<int:delivery_id>")
@requires(Permission.MANAGE_WEBHOOKS)
def webhook_delivery(delivery_id: int) -> str:
    return _page("admin/webhook_delivery.html", delivery=asked.delivery_at(db.session(), delivery_id, _reach()))


@bp.post("/webhook/kiriman/<int:delivery_id>/kirim-lagi")
@requires(Permission.MANAGE_WEBHOOKS)
def send_webhook_again(delivery_id: int) -> Response:
    with unit_of_work() as unit:
        webhook_service.send_again(unit, delivery_id, _reach(), now=now())
    flash(_("Kiriman ini berangkat lagi dalam beberapa detik, dengan nomor dan isi yang sama."), "success")
    return redirect(url_for(".webhook_delivery", delivery_id=delivery_id), 303)


@bp.app_template_global()
def switched_off_webhooks() -> int:
    """For the start page, of those who look after webhooks: how many have switched themselves off."""
    if not g.staff.may(Permission.MANAGE_WEBHOOKS):
        return 0
    return asked.switched_off_by_itself(db.session(), _reach())


def _switched(webhook_id: int, switch: Callable[..., Webhook], done: str) -> Response:
    with unit_of_work() as unit:
        name = switch(unit, webhook_id, _reach(), actor=actor(), now=now()).partner
    flash(done % {"name": name}, "success")
    return redirect(url_for(".webhook", webhook_id=webhook_id), 303)


def _show_once(webhook_id: int, secret: str) -> Response:
    session[SHOWN_ONCE] = [webhook_id, secret]
    return redirect(url_for(".webhook_secret", webhook_id=webhook_id), 303)


def _webhook(webhook_id: int) -> Webhook:
    return asked.webhook_at(db.session(), webhook_id, _reach())


def _reach() -> Reach:
    """Of the offices at which they may look after webhooks; those of all offices only for who answers for all."""
    offices = offices_permitted(db.session(), g.staff.staff_id, Permission.MANAGE_WEBHOOKS)
    everywhere = administers_every_office(db.session(), g.staff.staff_id)
    return Reach([office.id for office in offices], everywhere)


def _page(template: str, **values: Any) -> str:
    words = {"events_said": EVENTS, "types_said": TYPES, "states_said": STATES, "off_said": OFF}
    return render_template(template, **words, outcome_said=outcome_said, **values)
