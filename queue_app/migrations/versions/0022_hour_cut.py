"""a message to those who are too many in an hour that was cut"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

BEFORE = (
    *("confirmation", "rescheduled", "cancelled"),
    *("reminder_day_before", "reminder_same_day", "sent_home"),
    *("day_closed", "day_opened", "code_again"),
)


def upgrade() -> None:
    _set_kinds((*BEFORE, "hour_cut"))


def downgrade() -> None:
    op.execute("DELETE FROM outbox_message WHERE kind = 'hour_cut'")
    _set_kinds(BEFORE)


def _set_kinds(kinds: tuple[str, ...]) -> None:
    with op.batch_alter_table("outbox_message") as batch:
        batch.drop_constraint(op.f("ck_outbox_message_message_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_outbox_message_message_kind"), sa.column("kind").in_(kinds))
