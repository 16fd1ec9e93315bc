"""The token in each form: that it is ours and belongs to this browser's session, and for how long it is good."""

from __future__ import annotations

from flask import current_app, g
from flask_wtf.csrf import CSRFError, CSRFProtect
from itsdangerous import BadSignature, URLSafeTimedSerializer

from .signatures import PatientSigner

FORM_LIFETIME = 4 * 3600  # seconds: an office's morning, with a form left open over it
_SALT = "wtf-csrf-token"  # Flask-WTF's own


class StaleForm(CSRFError):
    """Ours, of this very session, and only made too long ago, or long before the clock was set back."""


class FormTokens(CSRFProtect):
    """Flask-WTF looks whether a token is genuine (its own limit is off), and this for how long it has been.

    So that a form which is merely old can be given back with all that was typed, and a forged one cannot.
    """

    def protect(self, apply_exemptions: bool = False) -> None:
        super().protect(apply_exemptions)
        if not g.get("csrf_valid"):
            return  # nothing to protect: only looked at, or without a session
        serializer = URLSafeTimedSerializer(current_app.secret_key or "", salt=_SALT, signer=PatientSigner)
        try:
            serializer.loads(self._get_csrf_token(), max_age=FORM_LIFETIME)
        except BadSignature:
            g.csrf_valid = False
            raise StaleForm("The form is too old.") from None
