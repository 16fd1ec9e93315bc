"""when an office is open, and how it can be reached"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

HOURS = ("opening_hours_id", "opening_hours_en")
OTHERS = ("whatsapp", "email", "complaint_url")


def upgrade() -> None:
    # Plain ALTER TABLE on both databases: SQLite would otherwise copy a table that nearly all others refer to.
    for name in HOURS:
        op.add_column("office", sa.Column(name, sa.String(), nullable=False, server_default=""))
    for name in OTHERS:
        op.add_column("office", sa.Column(name, sa.String(), nullable=True))


def downgrade() -> None:
    for name in (*reversed(OTHERS), *reversed(HOURS)):
        op.drop_column("office", name)
