"""the services that a disruption stops; several disruptions at once"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

IS_OPEN = sa.text("ended_at IS NULL")


def upgrade() -> None:
    """A disruption of before has no services: it stops all of them, as it did."""
    op.create_table(
        "disruption_service",
        sa.Column("disruption_id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["disruption_id"],
            ["disruption.id"],
            name=op.f("fk_disruption_service_disruption_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_disruption_service_service_id")),
        sa.PrimaryKeyConstraint("disruption_id", "service_id", name=op.f("pk_disruption_service")),
    )
    op.drop_index("uq_disruption_open_office_id", table_name="disruption")
    _index("uq_disruption_open_office_id_kind", "office_id", "kind")


def downgrade() -> None:
    # Of several that last at an office only the first can be kept.
    op.execute(
        """
        UPDATE disruption SET ended_at = CURRENT_TIMESTAMP, ended_by = 'system:downgrade'
        WHERE ended_at IS NULL AND EXISTS (
            SELECT 1 FROM disruption earlier WHERE earlier.office_id = disruption.office_id
            AND earlier.ended_at IS NULL AND earlier.id < disruption.id)
        """
    )
    op.drop_index("uq_disruption_open_office_id_kind", table_name="disruption")
    _index("uq_disruption_open_office_id", "office_id")
    op.drop_table("disruption_service")


def _index(name: str, *columns: str) -> None:
    op.create_index(name, "disruption", columns, unique=True, sqlite_where=IS_OPEN, postgresql_where=IS_OPEN)
