"""The form of the survey: nine questions that want an answer, and room for a remark."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from govuk_frontend_wtf.wtforms_widgets import GovTextArea
from wtforms import RadioField, SelectChoice, TextAreaField
from wtforms.validators import InputRequired, Length

from queue_app.domain.surveys import REMARK_MAX, SCORES, Element, SurveyChannel
from queue_app.services.surveys.answers import Answers
from queue_app.web.forms.office_form import OfficeForm, RadioInput
from queue_app.web.forms.typed_text import trimmed
from queue_app.web.site.language import lazy_gettext as _l

from .survey_words import QUESTIONS


def _question(element: Element) -> RadioField:
    asked = QUESTIONS[element]
    return RadioField(
        asked.question,
        choices=[SelectChoice(str(score), asked.scores[score - 1]) for score in SCORES],
        validators=[InputRequired(_l("Pilih satu jawaban."))],
        widget=RadioInput(),
    )


class SurveyForm(OfficeForm):
    requirements = _question(Element.REQUIREMENTS)
    procedure = _question(Element.PROCEDURE)
    speed = _question(Element.SPEED)
    cost = _question(Element.COST)
    product = _question(Element.PRODUCT)
    competence = _question(Element.COMPETENCE)
    conduct = _question(Element.CONDUCT)
    complaints = _question(Element.COMPLAINTS)
    facilities = _question(Element.FACILITIES)
    remark = TextAreaField(
        _l("Saran (boleh dikosongkan)"),
        description=_l("Jangan tulis nama, NIK, atau nomor HP."),
        filters=[trimmed],
        validators=[Length(max=REMARK_MAX)],
        widget=GovTextArea(),
    )

    refusal_fields: ClassVar[dict[str, str]] = {"invalid_remark": "remark"}

    @property
    def questions(self) -> Iterable[Any]:
        return [self[element.value] for element in Element]

    def answers(self, channel: SurveyChannel) -> Answers:
        scores = {element: int(self[element.value].data) for element in Element}
        return Answers(scores, self.remark.data, channel)
