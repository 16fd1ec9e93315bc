"""the order of an office's services"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Plain ALTER TABLE on both databases: SQLite would otherwise copy a table that others refer to.
    op.add_column("office_service", sa.Column("position", sa.Integer(), nullable=False, server_default="0"))
    op.execute(
        "UPDATE office_service SET position = "
        "(SELECT service.position FROM service WHERE service.id = office_service.service_id)"
    )


def downgrade() -> None:
    op.drop_column("office_service", "position")
