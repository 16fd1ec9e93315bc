"""The kinds of services, in the order in which citizens meet them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from queue_app.domain.catalogue import Category
from queue_app.models import OfficeService
from queue_app.web.site.language import lazy_gettext as _l

CATEGORIES = {
    Category.CARD: _l("KTP-el dan identitas digital"),
    Category.FAMILY_CARD: _l("Kartu Keluarga"),
    Category.CHILD_CARD: _l("Kartu Identitas Anak"),
    Category.CERTIFICATE: _l("Akta"),
    Category.MOVE: _l("Pindah dan datang"),
    Category.OTHER: _l("Layanan lain"),
}


def by_category(offerings: Sequence[OfficeService]) -> list[tuple[str, list[OfficeService]]]:
    """Each kind by its name; within it the order of the office stays."""
    order = list(CATEGORIES)
    in_order = sorted(offerings, key=lambda offering: order.index(offering.service.category))
    return [
        (str(CATEGORIES[category]), list(members))
        for category, members in groupby(in_order, key=lambda offering: offering.service.category)
    ]
