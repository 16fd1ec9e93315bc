"""A text that ends up on paper: whoever writes it is told what no printer of ours can show."""

from __future__ import annotations

from wtforms import Field, Form, ValidationError

from queue_app.adapters.pdf.characters import unprintable
from queue_app.web.site.language import gettext as _

NAMED = 5  # signs in one message


def can_be_printed(_form: Form, field: Field) -> None:
    """A validator for texts of the office; names of people are printed as well as it goes."""
    if signs := unprintable(field.data or ""):
        raise ValidationError(
            _("Di kertas tidak dapat dicetak: %(signs)s. Tulis dengan kata, atau hapus.")
            % {"signs": " ".join(signs[:NAMED])}
        )
