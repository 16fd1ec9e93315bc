"""Set offices up from a file, and write such a file."""

from __future__ import annotations

from pathlib import Path

import click

from queue_app.adapters.holiday_library import known_holidays
from queue_app.adapters.setup_file import SetupFileInvalid, read_setup, write_setup
from queue_app.config import settings_from
from queue_app.db import db, unit_of_work
from queue_app.domain.errors import DomainError
from queue_app.domain.roles import Actor
from queue_app.domain.setup_plan import SetupPlan
from queue_app.services.calendar.proposals import propose_holidays, years_ahead
from queue_app.services.setup.plan import carry_out_all, describe

from .group import explained, main, opened_app
from .setup import prepare

ACTOR = Actor.system("setup-file")


@main.command("setup")
@click.option("--from", "source", type=click.Path(path_type=Path), help="Read this file.")
@click.option("--export", "target", type=click.Path(path_type=Path), help="Write this file.")
@explained
def setup_offices(source: Path | None, target: Path | None) -> None:
    """Make the offices that a TOML file describes, all or none; or write one that describes those there are."""
    if source is not None and target is None:
        _make(source)
    elif target is not None and source is None:
        _export(target)
    else:
        raise click.UsageError("Give either --from FILE or --export FILE.")


def _make(source: Path) -> None:
    try:
        plan = read_setup(source.read_text(encoding="utf-8"), source.parent)
    except (OSError, SetupFileInvalid, UnicodeDecodeError) as problem:
        raise click.ClickException(f"{source}: {problem}") from None
    app = prepare(settings_from())
    moment = app.extensions["clock"].now()
    with app.app_context(), unit_of_work() as session:
        propose_holidays(session, known_holidays(years_ahead(moment)), now=moment)
        try:
            carry_out_all(session, plan, actor=ACTOR, now=moment)
        except DomainError as refusal:
            raise click.ClickException(f"{source}: {_words(plan, refusal)} Nothing was made.") from None
    click.echo(f"Made: {', '.join(office.name for office in plan.offices)}")


def _export(target: Path) -> None:
    app = opened_app()
    with app.app_context():
        plan = describe(db.session(), now=app.extensions["clock"].now())
    logo = target.with_name(f"{target.stem}-logo.png")
    target.write_text(write_setup(plan, logo.name), encoding="utf-8")
    click.echo(f"Written: {target}")
    if plan.site and plan.site.logo:
        logo.write_bytes(plan.site.logo.picture)
        click.echo(f"Written: {logo}")


def _words(plan: SetupPlan, refusal: DomainError) -> str:
    """Where, and what: the refusals of the web have other readers."""
    facts = dict(refusal.details)
    number = facts.pop("office", None)
    where = f"office {number} ({plan.offices[number - 1].name}): " if isinstance(number, int) else ""
    what = REASONS.get(str(facts.get("reason", refusal.code)), f"{refusal.code} {facts or ''}".strip())
    named = f" ({facts['code']})" if "code" in facts else ""
    return f"{where}{what}{named}."


REASONS = {
    "name": "the name needs letters or digits",
    "name_taken": "there is an office of this name or slug",
    "address_kept": "another office had this slug, and it still leads there",
    "region": "region_code must look like 33.14 or 33.14.10",
    "personal": "a name or heading must hold no NIK and no mobile number",
    "zone": "time_zone must be Asia/Jakarta, Asia/Pontianak, Asia/Makassar or Asia/Jayapura",
    "unknown_service": "this service is not in the catalogue",
    "named_twice": "a service is named twice",
    "letter": "a letter must be one of A to Z",
    "letter_taken": "two services have one letter",
    "no_letter": "there are more services than letters",
    "no_hours": "a quota needs [office.hours]",
    "hours": "closing time must lie after opening time",
    "break": "the break must lie between opening and closing",
    "minutes": "window_minutes must lie between 15 and 240",
    "overlap": "two windows of a service overlap",
    "holiday_exists": "two holidays of the office have one date",
    "reason_required": "the name of a holiday needs 3 to 300 characters, and no NIK or mobile number",
    "title": "the title needs one to 80 characters",
    "colour": "brand_colour must look like #0f4c5c and be dark enough for white text",
    "phone": "phone or whatsapp is no telephone number",
    "address": "map_url and complaint_url must begin with https://",
}
