"""The pages that staff move between, each shown to those who may open it: a line on every page, and all in groups."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import current_app, g, request, url_for

from queue_app.web.access.rules import rule_of

from .staff_pages import GROUPS, Page

ONE_LINE = 6  # entries: so many are read at a glance, and need no groups


@dataclass(frozen=True)
class Entry:
    """``current``: a value of aria-current; empty where another page is open. ``text`` is empty for a mere door."""

    text: str
    title: str
    detail: str
    url: str
    current: str


@dataclass(frozen=True)
class Group:
    """Without a title where one group is all there is."""

    title: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Menu:
    """``line`` stands on every page: all entries where they are few, else those of the group that is open, or of the
    first one. ``groups`` are all of them, where one line does not hold them; else there are none."""

    line: Group
    groups: tuple[Group, ...]


def menu() -> Menu:
    """For the person in `g.staff`; empty for everybody else."""
    groups = _without_mere_doors(_permitted())
    line = _joined(groups)
    if len(line.entries) <= ONE_LINE:
        return Menu(line, ())
    return Menu(next((one for one in groups if any(entry.current for entry in one.entries)), groups[0]), groups)


def doors() -> tuple[Group, ...]:
    """What the start page offers: the pages of the menu and some more, in groups where the menu has groups."""
    groups = _permitted()
    return groups if menu().groups else (_joined(groups),)


def _permitted() -> tuple[Group, ...]:
    staff, views = g.get("staff"), current_app.view_functions
    if staff is None:
        return ()
    groups = [
        (str(title), {page: url_for(page.endpoint) for page in pages if staff.may(rule_of(views[page.endpoint]))})
        for title, pages in GROUPS
    ]
    nearest = _nearest((page, url) for _title, pages in groups for page, url in pages.items() if page.text)
    return tuple(
        Group(title, tuple(_entry(page, url, nearest) for page, url in pages.items()))
        for title, pages in groups
        if pages
    )


def _nearest(pages: Iterable[tuple[Page, str]]) -> str:
    """The address of the page that is open, or of the one that it lies below; empty for none of these."""
    root = request.script_root
    here = f"{root}{request.path}".rstrip("/") + "/"
    above = [
        (start, url)
        for page, url in pages
        for start in (url, *(root + one for one in page.also))
        if here.startswith(start.rstrip("/") + "/")
    ]
    return max(above, key=lambda one: len(one[0]), default=("", ""))[1]


def _entry(page: Page, url: str, nearest: str) -> Entry:
    current = "" if url != nearest else "page" if page.endpoint == request.endpoint else "true"
    return Entry(str(page.text or ""), str(page.title), str(page.detail), url, current)


def _without_mere_doors(groups: Iterable[Group]) -> tuple[Group, ...]:
    named = [Group(group.title, tuple(entry for entry in group.entries if entry.text)) for group in groups]
    return tuple(group for group in named if group.entries)


def _joined(groups: Iterable[Group]) -> Group:
    return Group("", tuple(entry for group in groups for entry in group.entries))
