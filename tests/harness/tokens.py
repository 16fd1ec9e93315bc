"""The forms of a page that could not be sent: those that a person posts and that bear no token of the session."""

from __future__ import annotations

import re

from werkzeug.test import TestResponse

FORM = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.S)
TOKEN = re.compile(r'name="csrf_token"[^>]*value="[^"]+"')


def without_token(answer: TestResponse) -> list[str]:
    """What stands in the opening tag of each."""
    if answer.mimetype != "text/html":
        return []
    forms = FORM.findall(answer.get_data(as_text=True))
    return [" ".join(tag.split()) for tag, inside in forms if 'method="post"' in tag and not TOKEN.search(inside)]
