"""holidays that are proposed, and the years that are decided"""

from __future__ import annotations

from collections import defaultdict

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0016"
branch_labels = None
depends_on = None

# As the list was filled before: an estimate bore its mark in the name, joint leave its Indonesian word.
MARKS = (" (perkiraan)", " (estimated)")
JOINT_LEAVE = "cuti bersama"
HOLIDAY = sa.table(
    "holiday",
    sa.column("date", sa.Date),
    sa.column("name_id", sa.String),
    sa.column("name_en", sa.String),
    sa.column("status", sa.String),
    sa.column("estimated", sa.Boolean),
)
DAY = sa.table("service_day", *(sa.column(name, sa.String) for name in ("status", "reason_id", "reason_en")))
DAY.append_column(sa.column("day", sa.Date))
YEAR = sa.table(
    "holiday_year",
    sa.column("year", sa.Integer),
    sa.column("confirmed_at", sa.DateTime(timezone=True)),
    sa.column("confirmed_by", sa.String),
)


def upgrade() -> None:
    # Added in place, as in 0004.
    op.execute(
        "ALTER TABLE holiday ADD COLUMN status VARCHAR(30) DEFAULT 'confirmed' NOT NULL "
        "CONSTRAINT ck_holiday_holiday_status CHECK (status IN ('confirmed', 'proposed', 'dismissed'))"
    )
    op.execute("ALTER TABLE holiday ADD COLUMN estimated BOOLEAN DEFAULT FALSE NOT NULL")
    op.create_table(
        "holiday_year",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_holiday_year")),
    )
    connection = op.get_bind()
    years = defaultdict(list)
    for row in connection.execute(sa.select(HOLIDAY.c["date", "name_id", "name_en"])).all():
        years[row.date.year].append(row)
    for year, rows in years.items():
        # Joint leave is only known from the decree. A year with it was listed by decree, and then edited.
        decreed = any(JOINT_LEAVE in row.name_id.lower() for row in rows)
        if decreed:
            decided = {"year": year, "confirmed_at": sa.func.current_timestamp(), "confirmed_by": "system:migration"}
            connection.execute(sa.insert(YEAR).values(decided))
        for row in rows:
            _decide(connection, row, decreed=decreed)


def _decide(connection: sa.Connection, row: sa.Row[tuple[object, str, str]], *, decreed: bool) -> None:
    estimated = any(mark in name for mark in MARKS for name in (row.name_id, row.name_en))
    name_id, name_en = row.name_id.replace(MARKS[0], ""), row.name_en.replace(MARKS[1], "")
    values = {"name_id": name_id, "name_en": name_en}
    if not decreed:
        values |= {"status": "proposed", "estimated": estimated}
    connection.execute(sa.update(HOLIDAY).where(HOLIDAY.c.date == row.date).values(values))
    if estimated:
        probable = not decreed
        reasons = {
            "reason_id": f"{name_id} (perkiraan libur)" if probable else name_id,
            "reason_en": f"{name_en} (expected holiday)" if probable else name_en,
        }
        of_date = (DAY.c.day == row.date) & (DAY.c.status == "holiday")
        connection.execute(sa.update(DAY).where(of_date).values(reasons))


def downgrade() -> None:
    op.drop_table("holiday_year")
    op.execute("DELETE FROM holiday WHERE status = 'dismissed'")
    for column in ("estimated", "status"):
        op.execute(f"ALTER TABLE holiday DROP COLUMN {column}")
