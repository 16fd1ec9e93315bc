"""visits that end with the day, and those begun past the published order"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

STATES = ("waiting", "called", "in_service", "held", "served", "absent")
OUTCOMES = ("done", "failed_iris", "failed_fingerprint", "failed_data", "failed_device", "failed_network", "refused")
STEPS = ("call", "recall", "skip", "absent", "hold", "resume", "transfer", "start", "finish", "more_time", "undo")
NEW_STATES, NEW_OUTCOMES, NEW_STEPS = ("day_ended",), ("not_served", "unrecorded"), ("out_of_order", "day_end")
AT_COUNTER = sa.text("state IN ('called', 'in_service')")


def upgrade() -> None:
    op.add_column("visit_step", sa.Column("reason", sa.String(), nullable=True))
    _set_words((*STATES, *NEW_STATES), (*OUTCOMES, *NEW_OUTCOMES), (*STEPS, *NEW_STEPS))


def downgrade() -> None:
    """Whom the end of the day has met was not served: they are as if they had not answered."""
    op.execute("UPDATE visit SET state = 'absent' WHERE state = 'day_ended'")
    op.execute("UPDATE visit SET outcome = NULL WHERE outcome IN ('not_served', 'unrecorded')")
    op.execute("UPDATE visit_step SET kind = 'absent' WHERE kind = 'day_end'")
    op.execute("UPDATE visit_step SET kind = 'start' WHERE kind = 'out_of_order'")
    _set_words(STATES, OUTCOMES, STEPS)
    with op.batch_alter_table("visit_step") as batch:
        batch.drop_column("reason")


def _set_words(states: tuple[str, ...], outcomes: tuple[str, ...], steps: tuple[str, ...]) -> None:
    # The condition of a partial index is lost when SQLite makes the table anew: so it is made anew as well.
    op.drop_index("uq_visit_open_counter_id", table_name="visit")
    with op.batch_alter_table("visit") as batch:
        _set_check(batch, "ck_visit_visit_state", "state", states)
        _set_check(batch, "ck_visit_outcome", "outcome", outcomes)
    op.create_index(
        "uq_visit_open_counter_id",
        "visit",
        ["counter_id"],
        unique=True,
        sqlite_where=AT_COUNTER,
        postgresql_where=AT_COUNTER,
    )
    with op.batch_alter_table("visit_step") as batch:
        _set_check(batch, "ck_visit_step_step_kind", "kind", steps)


def _set_check(batch: BatchOperations, name: str, column: str, words: tuple[str, ...]) -> None:
    batch.drop_constraint(op.f(name), type_="check")
    batch.create_check_constraint(op.f(name), sa.column(column).in_(words))
