"""The texts of messages to citizens in the office's own words: looked at before they are sent to anybody."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, url_for
from govuk_frontend_wtf.wtforms_widgets import GovTextArea, GovTextInput
from werkzeug.wrappers import Response
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from queue_app.adapters.language import ENGLISH, INDONESIAN
from queue_app.db import db, unit_of_work
from queue_app.domain.clock import zone_label
from queue_app.domain.errors import DomainError, NotFound
from queue_app.domain.message_texts import BODY_MAX, OBLIGATORY, PLACES, SUBJECT_MAX, fill_in, read_message_text
from queue_app.domain.reminders import MessageKind
from queue_app.domain.roles import Permission
from queue_app.models import MessageText
from queue_app.queries.texts.messages import own_text, own_texts
from queue_app.services.texts.messages import unword_message, word_message
from queue_app.web.access.rules import requires
from queue_app.web.admin.blueprint import bp
from queue_app.web.booking.message_words import KINDS
from queue_app.web.forms.office_form import OfficeForm
from queue_app.web.forms.typed_text import trimmed
from queue_app.web.request import actor, now
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import lazy_gettext as _l

from .message_places import PLACE_WORDS, built_in, closing, examples

LANGUAGES = {INDONESIAN: "Bahasa Indonesia", ENGLISH: "English"}


class MessageTextForm(OfficeForm):
    subject = StringField(
        _l("Baris judul"),
        filters=[trimmed],
        validators=[InputRequired(), Length(max=SUBJECT_MAX)],
        widget=GovTextInput(),
    )
    body = TextAreaField(
        _l("Isi pesan"), filters=[trimmed], validators=[InputRequired(), Length(max=BODY_MAX)], widget=GovTextArea()
    )


@bp.get("/teks-pesan")
@requires(Permission.EDIT_QUOTA)
def message_texts() -> str:
    own = own_texts(db.session(), g.staff.office_id)
    rows = [(KINDS[kind], address_of(kind), {code: (kind, code) in own for code in LANGUAGES}) for kind in OBLIGATORY]
    return render_template("admin/texts/messages.html", rows=rows, languages=LANGUAGES)


@bp.route("/teks-pesan/<message>/<language>", methods=["GET", "POST"])
@requires(Permission.EDIT_QUOTA)
def message_text(message: str, language: str) -> str | Response | tuple[str, int]:
    """`step`: preview, save, or back to the built-in text."""
    kind = _kind(message, language)
    row = own_text(db.session(), g.staff.office_id, kind, language)
    form = MessageTextForm(data=_text_of(row) if row else built_in(kind, language))
    step, preview, of_office = request.form.get("step"), None, (g.staff.office_id, kind, language)
    if step == "built_in":
        with unit_of_work() as session:
            unword_message(session, *of_office, actor=actor(), now=now())
        return _done(_("Teks bawaan dipakai lagi."))
    if form.validate_on_submit():
        text = {"subject": form.subject.data, "body": form.body.data}
        try:
            if step == "save":
                with unit_of_work() as session:
                    changed = word_message(session, *of_office, **text, actor=actor(), now=now())
                return _done(_("Perubahan disimpan.") if changed else _("Tidak ada yang berubah."))
            read = read_message_text(kind, **text)
            preview = [fill_in(one, _examples(kind, language)) for one in read]
        except DomainError as refusal:
            form.refuse(refusal, refusal.details.get("field"))
    page = render_template(
        "admin/texts/message.html",
        form=form,
        own=step is not None or row is not None,
        is_stored=row is not None,
        title=KINDS[kind],
        language=language,
        language_name=LANGUAGES[language],
        places=[(name, PLACE_WORDS[name], name in OBLIGATORY[kind]) for name in PLACES[kind]],
        preview=preview,
        closing=closing(kind, language),
    )
    return page, 422 if form.is_submitted() and preview is None else 200


def _text_of(row: MessageText) -> dict[str, str]:
    return {"subject": row.subject, "body": row.body}


def _examples(kind: MessageKind, language: str) -> dict[str, str]:
    return examples(kind, language, g.staff.office_name, zone_label(g.staff.time_zone))


def address_of(kind: MessageKind) -> str:
    return kind.replace("_", "-")


def _kind(message: str, language: str) -> MessageKind:
    """Raises NotFound."""
    for kind in OBLIGATORY:
        if address_of(kind) == message and language in LANGUAGES:
            return kind
    raise NotFound()


def _done(said: str) -> Response:
    flash(said, "success")
    return redirect(url_for(".message_texts"), 303)
