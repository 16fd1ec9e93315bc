"""A message as an office has worded it, with what its places stand for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jinja2 import Environment

from queue_app.domain.message_texts import closing_of, fill_in, parts_of
from queue_app.domain.reminders import OF_CLOSURES, MessageKind
from queue_app.models import MessageText


def written_by(own: MessageText, values: Mapping[str, Any], environment: Environment) -> tuple[str, str]:
    """Subject and text. ``values``: those of the built-in templates. The last lines are the same under every message of
    the kind.
    """

    def part(name: str) -> str:
        return environment.get_template(f"messages/parts/{name}.{own.language}.txt").render(values).strip()

    told = _places(own.kind, values) | {place: part(name) for place, name in parts_of(own.kind).items()}
    lines = [fill_in(own.body, told), *map(part, closing_of(own.kind))]
    return " ".join(fill_in(own.subject, told).split()), "\n\n".join(lines) + "\n"


def _places(kind: MessageKind, values: Mapping[str, Any]) -> dict[str, str]:
    people = values["places"]
    numbers = [f"{one.number} ({one.initials})" if one.initials else one.number for one in people]
    several = [f"{one.number}: {one.link}" for one in people]
    told = {
        "nomor": ", ".join(numbers),
        "kode": values["code"],
        "layanan": values["service"],
        "hari": values["day"],
        "jam": values["window"],
        "kantor": values["office"],
        "alamat": values["address"],
        "tautan": "\n".join(several if len(people) > 1 else [people[0].link]),
        "ubah": f"{people[0].link}/ubah",
        "peta": values["map_url"] or "",
        "syarat": "\n".join(f"- {line}" for line in values["requirements"]),
    }
    if kind in OF_CLOSURES:  # what was closed, wherever they go now
        told |= {"hari": values["closed_day"], "jam": values["closed_window"], "kantor": values["closed_office"]}
        told["sebab"] = values["closed_because"]
    return told
