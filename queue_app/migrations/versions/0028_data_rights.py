"""what people ask about their own data, and the proof that it is theirs"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0022"
branch_labels = None
depends_on = None

KINDS_BEFORE = (
    *("confirmation", "rescheduled", "cancelled"),
    *("reminder_day_before", "reminder_same_day", "sent_home"),
    *("day_closed", "day_opened", "code_again", "hour_cut"),
)
KINDS_ADDED = ("data_code",)
WORDS = {
    "kind": ("request_kind", ("copy", "correct", "delete", "suspend", "resume")),
    "proof": ("request_proof", ("none", "contact", "document")),
    "state": ("request_state", ("open", "done", "refused")),
}
OPEN = sa.text("state = 'open'")


def upgrade() -> None:
    op.add_column("booking", sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=True))
    _make_proofs()
    _make_requests()
    _set_kinds((*KINDS_BEFORE, *KINDS_ADDED))


def _make_proofs() -> None:
    op.create_table(
        "data_proof",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("nonce", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("door_hash", sa.LargeBinary(), nullable=True),
        sa.Column("open_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("tries >= 0", name=op.f("ck_data_proof_tries")),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_data_proof_booking_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_proof")),
        sa.UniqueConstraint("booking_id", "asked_at", name=op.f("uq_data_proof_booking_id_asked_at")),
        sa.UniqueConstraint("door_hash", name=op.f("uq_data_proof_door_hash")),
    )
    op.create_index("ix_data_proof_expires_at", "data_proof", ["expires_at"])


def _make_requests() -> None:
    op.create_table(
        "data_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.String(length=30), nullable=False) for name in ("kind", "proof")),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_by", sa.String(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        *(
            sa.CheckConstraint(sa.column(column).in_(words), name=op.f(f"ck_data_request_{name}"))
            for column, (name, words) in WORDS.items()
        ),
        sa.CheckConstraint("(state = 'open') = (answered_at IS NULL)", name=op.f("ck_data_request_answered")),
        sa.CheckConstraint("state != 'refused' OR reason IS NOT NULL", name=op.f("ck_data_request_refused")),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_data_request_booking_id")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_data_request_office_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_data_request_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_request")),
    )
    op.create_index("ix_data_request_booking_id", "data_request", ["booking_id"])
    op.create_index("ix_data_request_office_id_state", "data_request", ["office_id", "state"])
    op.create_index(
        "uq_data_request_open",
        "data_request",
        ["booking_id", "position", "kind"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )


def downgrade() -> None:
    for kind in KINDS_ADDED:
        op.execute(f"DELETE FROM outbox_message WHERE kind = '{kind}'")
    _set_kinds(KINDS_BEFORE)
    op.drop_table("data_request")
    op.drop_table("data_proof")
    op.execute("ALTER TABLE booking DROP COLUMN suspended_at")


def _set_kinds(kinds: tuple[str, ...]) -> None:
    with op.batch_alter_table("outbox_message") as batch:
        batch.drop_constraint(op.f("ck_outbox_message_message_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_outbox_message_message_kind"), sa.column("kind").in_(kinds))
