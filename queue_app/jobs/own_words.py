"""A message as an office has worded it, with what its places stand for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jinja2 import Environment

from queue_app.domain.message_texts import fill_in
from queue_app.models import MessageText


def written_by(own: MessageText, values: Mapping[str, Any], environment: Environment) -> tuple[str, str]:
    """Subject and text. ``values``: those of the built-in templates. The last lines, that nothing is to be paid, are
    the same under every message.
    """
    told = _places(values, environment, own.language)
    closing = environment.get_template(f"messages/parts/closing.{own.language}.txt").render()
    return " ".join(fill_in(own.subject, told).split()), f"{fill_in(own.body, told)}\n\n{closing.strip()}\n"


def _places(values: Mapping[str, Any], environment: Environment, language: str) -> dict[str, str]:
    people = values["places"]
    numbers = [f"{one.number} ({one.initials})" if one.initials else one.number for one in people]
    links = [one.link for one in people]
    several = [f"{one.number}: {one.link}" for one in people]
    return {
        "nomor": ", ".join(numbers),
        "kode": values["code"],
        "layanan": values["service"],
        "hari": values["day"],
        "jam": values["window"],
        "kantor": values["office"],
        "alamat": values["address"],
        "tautan": "\n".join(several if len(people) > 1 else links),
        "peta": values["map_url"] or "",
        "syarat": "\n".join(f"- {line}" for line in values["requirements"]),
        "perubahan": environment.get_template(f"messages/parts/changing.{language}.txt").render(values).strip(),
    }
