"""The shapes of the satisfaction survey's results (`docs/rules.md` R-SURVEY)."""

from __future__ import annotations

from queue_app.domain.surveys import Element

from .figure_schemas import DAY, SERVICE
from .shapes import Schema, many, nothing_or, number, opened, text

GRADE = nothing_or(text("A, B, C or D; null without answers.", "A"))
INDEX = nothing_or({"type": "number", "description": "25.00 to 100.00; null without answers.", "examples": [91.48]})
RESULT: dict[str, Schema] = {
    "people": number("Answers.", 29),
    "served": number("Who could have answered, of finished days.", 210),
    "wanted": number("Answers that stand for so many (Krejcie and Morgan).", 136),
    "index": INDEX,
    "grade": GRADE,
    "elements": many("SurveyElement", description="The nine of PermenPANRB 14/2017, in their order."),
}
SURVEY: dict[str, Schema] = {
    "SurveyElement": opened(
        {
            "element": {"type": "string", "enum": [element.value for element in Element]},
            "sum": number("Of all scores from 1 to 4.", 105),
        }
    ),
    "SurveyTotal": opened(RESULT),
    "SurveyService": opened({"service": SERVICE} | RESULT),
    "Survey": opened(
        {
            "office": text("Slug of the office.", "sragen"),
            "from": DAY,
            "to": DAY,
            "total": {"$ref": "#/components/schemas/SurveyTotal"},
            "services": many("SurveyService"),
        }
    ),
}
