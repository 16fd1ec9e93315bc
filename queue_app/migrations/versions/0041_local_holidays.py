"""holidays of one office alone"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


STATUS = ("confirmed", "proposed", "dismissed")
WHOLE = "SELECT date, name_id, name_en, status, estimated FROM holiday"


def upgrade() -> None:
    rows = _take_out(f"{WHOLE} ORDER BY date")
    status = sa.Enum(*STATUS, name="holiday_status", native_enum=False, create_constraint=True, length=30)
    holiday = op.create_table(
        "holiday",
        sa.Column("id", sa.Integer(), nullable=False),
        *_told(),
        sa.Column("status", status, nullable=False),
        sa.Column("estimated", sa.Boolean(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("office_id IS NULL OR status = 'confirmed'", name=op.f("ck_holiday_local_is_certain")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_holiday_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holiday")),
        sqlite_autoincrement=True,  # its page has the id in its address: after a restoration none is given twice
    )
    _unique("uq_holiday_date", ["date"], sa.text("office_id IS NULL"))
    _unique("uq_holiday_office_id_date", ["office_id", "date"], sa.text("office_id IS NOT NULL"))
    op.bulk_insert(holiday, rows)


def downgrade() -> None:
    """Holidays of one office are dropped, since each would count for all. Days that they turned stay holidays until
    somebody opens them.
    """
    rows = _take_out(f"{WHOLE} WHERE office_id IS NULL")
    op.create_table("holiday", *_told(), sa.PrimaryKeyConstraint("date", name=op.f("pk_holiday")))
    # As 0020 added them, which takes them off again.
    op.execute(
        "ALTER TABLE holiday ADD COLUMN status VARCHAR(30) DEFAULT 'confirmed' NOT NULL "
        "CONSTRAINT ck_holiday_holiday_status CHECK (status IN ('confirmed', 'proposed', 'dismissed'))"
    )
    op.execute("ALTER TABLE holiday ADD COLUMN estimated BOOLEAN DEFAULT FALSE NOT NULL")
    names = (sa.column(name) for name in ("name_id", "name_en", "status", "estimated"))
    op.bulk_insert(sa.table("holiday", sa.column("date", sa.Date), *names), rows)


def _take_out(statement: str) -> list[dict[str, object]]:
    """The list; its table is made anew, as SQLite cannot change a primary key, and a list of dates is short."""
    typed = sa.text(statement).columns(date=sa.Date(), estimated=sa.Boolean())
    rows = [dict(row) for row in op.get_bind().execute(typed).mappings()]
    op.drop_table("holiday")
    return rows


def _told() -> list[sa.Column[object]]:
    return [
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("name_id", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
    ]


def _unique(name: str, columns: list[str], which: sa.TextClause) -> None:
    op.create_index(name, "holiday", columns, unique=True, sqlite_where=which, postgresql_where=which)
