"""The shapes of the satisfaction survey's results (`docs/rules.md` R-SURVEY)."""

from __future__ import annotations

from queue_app.domain.surveys import Element

from .figure_schemas import DAY, SERVICE
from .shapes import Schema, many, nothing_or, number, opened, text

FEW = "null of fewer than five answers."
GRADE = nothing_or({"type": "string", "description": f"A, B, C or D; {FEW}", "examples": ["A"]})
INDEX = nothing_or({"type": "number", "description": f"25.00 to 100.00; {FEW}", "examples": [91.48]})
RESULT: dict[str, Schema] = {
    "people": number("Answers; of the total those that it is made of.", 29),
    "served": number("Who could have answered, up to now.", 210),
    "wanted": number("Answers that stand for so many (Krejcie and Morgan).", 136),
    "index": INDEX,
    "grade": GRADE,
    "elements": many("SurveyElement", description="The nine of PermenPANRB 14/2017, in their order."),
}
SURVEY: dict[str, Schema] = {
    "SurveyElement": opened(
        {
            "element": {"type": "string", "enum": [element.value for element in Element]},
            "sum": nothing_or(number(f"Of all scores from 1 to 4; {FEW}", 105)),
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
