"""a scan of a ticket whose day or hour the office has taken away"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0014"
branch_labels = None
depends_on = None

RESULTS = (
    "checked_in",
    "late",
    "already",
    "too_early",
    "wrong_day",
    "wrong_office",
    "cancelled",
    "rescheduled",
    "unknown",
)


STANDING = sa.text("result IN ('checked_in', 'late') AND undone_at IS NULL")


def upgrade() -> None:
    _set_results((*RESULTS, "day_closed"))


def downgrade() -> None:
    op.execute("UPDATE check_in SET result = 'wrong_day' WHERE result = 'day_closed'")
    _set_results(RESULTS)


def _set_results(results: tuple[str, ...]) -> None:
    # The condition of a partial index is lost when SQLite makes the table anew: so it is made anew as well.
    op.drop_index("uq_check_in_admitted_ticket", table_name="check_in")
    with op.batch_alter_table("check_in") as batch:
        batch.drop_constraint(op.f("ck_check_in_scan_result"), type_="check")
        batch.create_check_constraint(op.f("ck_check_in_scan_result"), sa.column("result").in_(results))
    op.create_index(
        "uq_check_in_admitted_ticket",
        "check_in",
        ["ticket_id"],
        unique=True,
        sqlite_where=STANDING,
        postgresql_where=STANDING,
    )
