"""what people ask about their own data, and failures of its protection"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

KINDS_BEFORE = (
    *("confirmation", "rescheduled", "cancelled"),
    *("reminder_day_before", "reminder_same_day", "sent_home"),
    *("day_closed", "day_opened", "code_again", "hour_cut"),
)
KINDS_ADDED = ("data_code", "breach")
WORDS = {
    "kind": ("request_kind", ("copy", "correct", "delete", "suspend", "resume")),
    "proof": ("request_proof", ("none", "contact", "document")),
    "state": ("request_state", ("open", "done", "refused")),
}
COUNTING = {"sqlite_autoincrement": True}  # an id is never given twice (0027)
OPEN = sa.text("state = 'open'")


def upgrade() -> None:
    op.add_column("booking", sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=True))
    _make_proofs()
    _make_requests()
    _make_breaches()
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
        **COUNTING,
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
        **COUNTING,
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


def _make_breaches() -> None:
    op.create_table(
        "breach",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("happened", sa.String(), nullable=False),
        sa.Column("noticed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("data", sa.String(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("notice_id", sa.String(), nullable=False),
        sa.Column("notice_en", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_by", sa.String(), nullable=True),
        sa.Column("spread_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("authority_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("authority_by", sa.String(), nullable=True),
        sa.CheckConstraint("last_day >= first_day", name=op.f("ck_breach_range")),
        sa.CheckConstraint("spread_at IS NULL OR told_at IS NOT NULL", name=op.f("ck_breach_spread")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_breach_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_breach")),
        sa.UniqueConstraint("told_at", name=op.f("uq_breach_told_at")),
        **COUNTING,
    )
    op.create_index("ix_breach_office_id", "breach", ["office_id"])
    op.create_table(
        "breach_service",
        sa.Column("breach_id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["breach_id"], ["breach.id"], name=op.f("fk_breach_service_breach_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_breach_service_service_id")),
        sa.PrimaryKeyConstraint("breach_id", "service_id", name=op.f("pk_breach_service")),
        **COUNTING,
    )
    op.create_table(
        "breach_notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("breach_id", sa.Integer(), nullable=False),
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("to_call", sa.Boolean(), nullable=False),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("called_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_breach_notice_booking_id")),
        sa.ForeignKeyConstraint(["breach_id"], ["breach.id"], name=op.f("fk_breach_notice_breach_id")),
        sa.ForeignKeyConstraint(["called_by"], ["staff.id"], name=op.f("fk_breach_notice_called_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_breach_notice")),
        sa.UniqueConstraint("breach_id", "booking_id", name=op.f("uq_breach_notice_breach_id_booking_id")),
        **COUNTING,
    )
    op.create_index("ix_breach_notice_booking_id", "breach_notice", ["booking_id"])


def downgrade() -> None:
    for kind in KINDS_ADDED:
        op.execute(f"DELETE FROM outbox_message WHERE kind = '{kind}'")
    _set_kinds(KINDS_BEFORE)
    for table in ("breach_notice", "breach_service", "breach", "data_request"):
        op.drop_table(table)
    op.drop_table("data_proof")
    op.execute("ALTER TABLE booking DROP COLUMN suspended_at")


def _set_kinds(kinds: tuple[str, ...]) -> None:
    with op.batch_alter_table("outbox_message", table_kwargs=COUNTING) as batch:
        batch.drop_constraint(op.f("ck_outbox_message_message_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_outbox_message_message_kind"), sa.column("kind").in_(kinds))
