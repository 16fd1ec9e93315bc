"""A message as an office has worded it, with what its places stand for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jinja2 import Environment

from queue_app.domain.message_texts import fill_in
from queue_app.domain.reminders import OF_CLOSURES, MessageKind
from queue_app.models import MessageText


def written_by(own: MessageText, values: Mapping[str, Any], environment: Environment) -> tuple[str, str]:
    """Subject and text. ``values``: those of the built-in templates. The last lines, that nothing is to be paid, are
    the same under every message.
    """
    told = _places(own, values, environment)
    always = ("nameless", "closing") if own.kind is MessageKind.SURVEY else ("closing",)
    lines = [environment.get_template(f"messages/parts/{part}.{own.language}.txt").render().strip() for part in always]
    return " ".join(fill_in(own.subject, told).split()), "\n\n".join([fill_in(own.body, told), *lines]) + "\n"


def _places(own: MessageText, values: Mapping[str, Any], environment: Environment) -> dict[str, str]:
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
        "peta": values["map_url"] or "",
        "syarat": "\n".join(f"- {line}" for line in values["requirements"]),
    }

    def part(name: str) -> str:
        return environment.get_template(f"messages/parts/{name}.{own.language}.txt").render(values).strip()

    if own.kind in OF_CLOSURES:
        offered = part("opened" if own.kind is MessageKind.DAY_OPENED else "offer")
        when = {"hari": values["closed_day"], "jam": values["closed_window"], "kantor": values["closed_office"]}
        return told | when | {"sebab": values["closed_because"], "tawaran": offered}
    if own.kind is MessageKind.SURVEY:
        return told | {"survei": part("survey_links")}
    return told | {"perubahan": part("changing"), "ubah": f"{people[0].link}/ubah"}
