"""a closure is one act, and offers a place to everybody it concerns"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

MESSAGES = ("confirmation", "rescheduled", "cancelled", "sent_home", "reminder_day_before", "reminder_same_day")
HELD = sa.text("state = 'open'")


def upgrade() -> None:
    op.execute("ALTER TABLE service_day ADD COLUMN closure_id INTEGER")
    op.execute("ALTER TABLE slot ADD COLUMN closure_id INTEGER")
    op.create_index("ix_slot_closure_id", "slot", ["closure_id"])
    op.rename_table("closure", "closure_before")
    op.rename_table("affected_ticket", "affected_before")
    _drop_old_names()
    _make_closures()
    _make_offers()
    _carry_closures_over()
    _carry_people_over()
    op.drop_table("affected_before")
    op.drop_table("closure_before")
    _set_message_kinds((*MESSAGES, "day_closed", "day_opened"))


def _drop_old_names() -> None:
    """The new tables bear the names of the old ones, and so do their constraints."""
    op.drop_index("ix_closure_service_day_id", table_name="closure_before")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE closure_before RENAME CONSTRAINT pk_closure TO pk_closure_before")
        op.execute("ALTER SEQUENCE closure_id_seq RENAME TO closure_before_id_seq")


def _make_closures() -> None:
    op.create_table(
        "closure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("starts_at", sa.Time(), nullable=True),
        sa.Column("ends_at", sa.Time(), nullable=True),
        sa.Column("reason_id", sa.String(), nullable=False),
        sa.Column("reason_en", sa.String(), nullable=False),
        sa.Column("other_offices", sa.Boolean(), nullable=False),
        sa.Column("extra_places", sa.Integer(), nullable=False),
        sa.Column("hold_hours", sa.Integer(), nullable=False),
        sa.Column("precedence_days", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by", sa.String(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.String(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("last_day >= first_day", name=op.f("ck_closure_range")),
        sa.CheckConstraint("(starts_at IS NULL) = (ends_at IS NULL)", name=op.f("ck_closure_hours")),
        sa.CheckConstraint("extra_places >= 0", name=op.f("ck_closure_extra_places")),
        sa.CheckConstraint("kind IN ('planned', 'today', 'holiday')", name=op.f("ck_closure_closure_kind")),
        sa.CheckConstraint("state IN ('draft', 'confirmed', 'done', 'revoked')", name=op.f("ck_closure_closure_state")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_closure_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closure")),
    )
    op.create_index("ix_closure_office_id", "closure", ["office_id"])
    op.create_table(
        "closure_service",
        sa.Column("closure_id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["closure_id"], ["closure.id"], name=op.f("fk_closure_service_closure_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_closure_service_service_id")),
        sa.PrimaryKeyConstraint("closure_id", "service_id", name=op.f("pk_closure_service")),
    )


def _make_offers() -> None:
    op.create_table(
        "offer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("closure_id", sa.Integer(), nullable=False),
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("old_slot_id", sa.Integer(), nullable=False),
        sa.Column("slot_id", sa.Integer(), nullable=True),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("first_number", sa.Integer(), nullable=True),
        sa.Column("extra", sa.Integer(), nullable=False),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("choose_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("to_call", sa.Boolean(), nullable=False),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("called_by", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.CheckConstraint(
            "state != 'open' OR (slot_id IS NOT NULL AND held_until IS NOT NULL)", name=op.f("ck_offer_held")
        ),
        sa.CheckConstraint("places >= 0", name=op.f("ck_offer_places")),
        sa.CheckConstraint(
            "state IN ('open', 'waiting', 'lapsed', 'accepted', 'elsewhere', 'cancelled', 'kept', 'offered_back')",
            name=op.f("ck_offer_offer_state"),
        ),
        sa.ForeignKeyConstraint(["closure_id"], ["closure.id"], name=op.f("fk_offer_closure_id")),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_offer_booking_id")),
        sa.ForeignKeyConstraint(["old_slot_id"], ["slot.id"], name=op.f("fk_offer_old_slot_id")),
        sa.ForeignKeyConstraint(["slot_id"], ["slot.id"], name=op.f("fk_offer_slot_id")),
        sa.ForeignKeyConstraint(["called_by"], ["staff.id"], name=op.f("fk_offer_called_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer")),
        sa.UniqueConstraint("closure_id", "booking_id", name=op.f("uq_offer_closure_id_booking_id")),
    )
    op.create_index("ix_offer_booking_id", "offer", ["booking_id"])
    op.create_index("ix_offer_held_until", "offer", ["held_until"], sqlite_where=HELD, postgresql_where=HELD)
    op.create_index("ix_offer_held_slot_id", "offer", ["slot_id"], sqlite_where=HELD, postgresql_where=HELD)


def _carry_closures_over() -> None:
    op.execute(
        """
        INSERT INTO closure (id, office_id, kind, state, first_day, last_day, reason_id, reason_en, other_offices,
                             extra_places, hold_hours, precedence_days, created_at, created_by, confirmed_at,
                             confirmed_by, done_at, revoked_at, revoked_by, undone_at)
        SELECT before.id, day.office_id, 'planned',
               CASE WHEN before.reopened_at IS NULL THEN 'done' ELSE 'revoked' END, day.day, day.day,
               before.reason_id, before.reason_en, FALSE, 0, 48, 7, before.closed_at, before.closed_by,
               before.closed_at, before.closed_by, before.closed_at, before.reopened_at,
               CASE WHEN before.reopened_at IS NULL THEN NULL ELSE before.closed_by END, before.reopened_at
        FROM closure_before AS before JOIN service_day AS day ON day.id = before.service_day_id
        """
    )
    op.execute(
        """
        INSERT INTO closure_service (closure_id, service_id)
        SELECT before.id, day.service_id
        FROM closure_before AS before JOIN service_day AS day ON day.id = before.service_day_id
        """
    )
    op.execute(
        """
        UPDATE service_day SET closure_id =
            (SELECT max(id) FROM closure_before
             WHERE service_day_id = service_day.id AND reopened_at IS NULL)
        WHERE status = 'closed'
        """
    )
    op.execute(
        """
        UPDATE slot SET closure_id = (SELECT closure_id FROM service_day WHERE id = slot.service_day_id)
        WHERE service_day_id IN (SELECT id FROM service_day WHERE closure_id IS NOT NULL)
        """
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SELECT setval('closure_id_seq', coalesce(max(id), 0) + 1, FALSE) FROM closure")


def _carry_people_over() -> None:
    """Nobody wrote to them: who still holds the place taken is on the list of those to be telephoned."""
    op.execute(
        """
        INSERT INTO offer (closure_id, booking_id, old_slot_id, places, extra, choose_until, state, state_since, to_call)
        SELECT affected.closure_id, ticket.booking_id, min(ticket.slot_id),
               sum(CASE WHEN ticket.state IN ('booked', 'checked_in') THEN 1 ELSE 0 END), 0, min(before.closed_at),
               CASE WHEN max(before.reopened_at) IS NOT NULL THEN 'kept'
                    WHEN max(CASE WHEN ticket.state IN ('cancelled', 'rescheduled') THEN 0 ELSE 1 END) = 1
                    THEN 'waiting'
                    WHEN max(CASE WHEN ticket.state = 'rescheduled' THEN 1 ELSE 0 END) = 1 THEN 'elsewhere'
                    ELSE 'cancelled' END,
               min(before.closed_at),
               max(CASE WHEN ticket.state = 'booked' AND before.reopened_at IS NULL THEN 1 ELSE 0 END) = 1
        FROM affected_before AS affected
        JOIN closure_before AS before ON before.id = affected.closure_id
        JOIN ticket ON ticket.id = affected.ticket_id
        GROUP BY affected.closure_id, ticket.booking_id
        """
    )


def _set_message_kinds(kinds: tuple[str, ...]) -> None:
    with op.batch_alter_table("outbox_message") as batch:
        batch.drop_constraint(op.f("ck_outbox_message_message_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_outbox_message_message_kind"), sa.column("kind").in_(kinds))


def downgrade() -> None:
    op.execute("DELETE FROM outbox_message WHERE kind IN ('day_closed', 'day_opened')")
    _set_message_kinds(MESSAGES)
    # A held place is no ticket, and the older program counts tickets.
    op.execute(
        """
        UPDATE slot SET booked = booked - coalesce(
            (SELECT sum(places) FROM offer WHERE slot_id = slot.id AND state = 'open'), 0)
        """
    )
    # It knows no hours that are taken out of a day: they are open again.
    op.execute(
        """
        UPDATE slot SET accepts = TRUE
        WHERE service_day_id IN (SELECT id FROM service_day WHERE status = 'open')
        """
    )
    op.rename_table("closure", "closure_after")
    op.drop_index("ix_closure_office_id", table_name="closure_after")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE closure_after RENAME CONSTRAINT pk_closure TO pk_closure_after")
        op.execute("ALTER SEQUENCE closure_id_seq RENAME TO closure_after_id_seq")
    _make_former_tables()
    op.drop_table("offer")
    op.drop_table("closure_service")
    op.drop_table("closure_after")
    op.drop_index("ix_slot_closure_id", table_name="slot")
    op.execute("ALTER TABLE slot DROP COLUMN closure_id")
    op.execute("ALTER TABLE service_day DROP COLUMN closure_id")


def _make_former_tables() -> None:
    op.create_table(
        "closure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("service_day_id", sa.Integer(), nullable=False),
        sa.Column("reason_id", sa.String(), nullable=False),
        sa.Column("reason_en", sa.String(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_by", sa.String(), nullable=False),
        sa.Column("reopened_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["service_day_id"], ["service_day.id"], name=op.f("fk_closure_service_day_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closure")),
    )
    op.create_index("ix_closure_service_day_id", "closure", ["service_day_id"])
    op.create_table(
        "affected_ticket",
        sa.Column("closure_id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["closure_id"], ["closure.id"], name=op.f("fk_affected_ticket_closure_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_affected_ticket_ticket_id")),
        sa.PrimaryKeyConstraint("closure_id", "ticket_id", name=op.f("pk_affected_ticket")),
    )
    op.create_index("ix_affected_ticket_ticket_id", "affected_ticket", ["ticket_id"])
    op.execute(
        """
        INSERT INTO closure (service_day_id, reason_id, reason_en, closed_at, closed_by)
        SELECT day.id, after.reason_id, after.reason_en, after.confirmed_at, after.confirmed_by
        FROM service_day AS day JOIN closure_after AS after ON after.id = day.closure_id
        WHERE day.status = 'closed'
        """
    )
    op.execute(
        """
        INSERT INTO affected_ticket (closure_id, ticket_id)
        SELECT closure.id, ticket.id
        FROM closure JOIN slot ON slot.service_day_id = closure.service_day_id
        JOIN ticket ON ticket.slot_id = slot.id
        """
    )
