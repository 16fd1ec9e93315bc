"""indexes by which no page reads more the longer an office keeps its bookings"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

OF_PEOPLE = (
    "'ticket.booked', 'ticket.checked_in', 'ticket.cancelled', 'ticket.rescheduled', 'ticket.no_show', "
    "'ticket.identity', 'visit.waiting', 'visit.called', 'visit.in_service', 'visit.held', 'visit.served', "
    "'visit.absent', 'visit.day_ended', 'booking.purged'"
)
HOLDING = sa.text("state IN ('booked', 'checked_in', 'no_show')")
PARTIAL = {
    "ix_ticket_past_person_index": ("ticket", ["person_index"], "state NOT IN ('booked')"),
    "ix_visit_unfinished": (
        "visit",
        ["office_id", "day"],
        "state IN ('waiting', 'called', 'in_service', 'held')",
    ),
    "ix_visit_step_out_of_order": ("visit_step", ["ticket_id"], "kind = 'out_of_order'"),
    "ix_audit_entry_office_acts": (
        "audit_entry",
        ["office_id", "id"],
        f"action NOT IN ({OF_PEOPLE})",
    ),
    "ix_offline_entry_corrected": ("offline_entry", ["office_id", "received_at"], "claimed_at IS NOT NULL"),
}


def upgrade() -> None:
    op.drop_index("ix_ticket_holding_slot", table_name="ticket")
    op.create_index("ix_ticket_slot_id", "ticket", ["slot_id"])
    op.drop_index("ix_audit_entry_office_id", table_name="audit_entry")
    op.create_index("ix_audit_entry_office_id_id", "audit_entry", ["office_id", "id"])
    op.create_index("ix_slot_office_id_day", "slot", ["office_id", "day"])
    op.create_index("ix_service_day_day", "service_day", ["day"])
    for name, (table, columns, where) in PARTIAL.items():
        op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
    _give_messages_their_office()


def _give_messages_their_office() -> None:
    op.execute("ALTER TABLE outbox_message ADD COLUMN office_id INTEGER DEFAULT 0 NOT NULL")
    # As the office that a message's booking was moved to last: where it was before nobody has written down.
    op.execute(
        "UPDATE outbox_message SET office_id = coalesce((SELECT office_id FROM ticket"
        " WHERE ticket.booking_id = outbox_message.booking_id ORDER BY ticket.id DESC LIMIT 1), 0)"
    )
    op.create_index("ix_outbox_message_office_id_id", "outbox_message", ["office_id", "id"])


def downgrade() -> None:
    op.drop_index("ix_outbox_message_office_id_id", table_name="outbox_message")
    op.execute("ALTER TABLE outbox_message DROP COLUMN office_id")
    for name, (table, _columns, _where) in reversed(PARTIAL.items()):
        op.drop_index(name, table_name=table)
    op.drop_index("ix_service_day_day", table_name="service_day")
    op.drop_index("ix_slot_office_id_day", table_name="slot")
    op.drop_index("ix_audit_entry_office_id_id", table_name="audit_entry")
    op.create_index("ix_audit_entry_office_id", "audit_entry", ["office_id"])
    op.drop_index("ix_ticket_slot_id", table_name="ticket")
    op.create_index("ix_ticket_holding_slot", "ticket", ["slot_id"], sqlite_where=HOLDING, postgresql_where=HOLDING)
