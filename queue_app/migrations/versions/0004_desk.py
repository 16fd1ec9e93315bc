"""walk-ins, priority, visits, identity checks, kiosks and printers"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ROLES = ("desk", "counter", "administrator", "auditor")
# Added one by one: SQLite cannot make a table anew while others point to it.
COLUMNS = {
    "booking": {
        "channel": "VARCHAR(30) DEFAULT 'online' NOT NULL CONSTRAINT ck_booking_channel "
        "CHECK (channel IN ('online', 'partner', 'desk', 'village', 'kiosk'))",
    },
    "ticket": {
        "walk_in": "BOOLEAN DEFAULT FALSE NOT NULL",
        "priority": "VARCHAR(30) CONSTRAINT ck_ticket_priority "
        "CHECK (priority IN ('vulnerable', 'first_timer', 'urgent'))",
    },
    "service_day": {"walk_ins": "INTEGER DEFAULT 0 NOT NULL"},
    "office_service": {
        "walk_ins_per_day": "INTEGER DEFAULT 20 NOT NULL CONSTRAINT ck_office_service_walk_ins_per_day "
        "CHECK (walk_ins_per_day >= 0)",
        "releases_at": "TIME DEFAULT '08:00:00' NOT NULL",
    },
}


def upgrade() -> None:
    for table, columns in COLUMNS.items():
        for name, definition in columns.items():
            op.execute(f"ALTER TABLE {table} ADD COLUMN {name} {definition}")
    op.execute("UPDATE booking SET channel = 'partner' WHERE api_key_id IS NOT NULL")
    _set_roles((*ROLES[:1], "village", *ROLES[1:]))
    with op.batch_alter_table("check_in") as batch:
        batch.add_column(sa.Column("device_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("identity", sa.String(length=30), nullable=True))
        batch.add_column(sa.Column("identity_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("identity_by", sa.Integer(), nullable=True))
        batch.create_check_constraint(
            op.f("ck_check_in_identity_result"), "identity IN ('matches', 'typing_error', 'other_person')"
        )
    _make_visits()
    _make_printers()


def _set_roles(roles: tuple[str, ...]) -> None:
    with op.batch_alter_table("staff_assignment") as batch:
        batch.drop_constraint(op.f("ck_staff_assignment_role"), type_="check")
        batch.create_check_constraint(op.f("ck_staff_assignment_role"), sa.column("role").in_(roles))


def _make_visits() -> None:
    op.create_table(
        "visit",
        sa.Column("ticket_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting', 'called', 'in_service', 'held', 'served', 'absent')",
            name=op.f("ck_visit_visit_state"),
        ),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_visit_ticket_id")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_visit_office_id")),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_visit")),
    )
    op.create_index("ix_visit_office_id_day", "visit", ["office_id", "day"])
    # Whoever is here already; of earlier days nothing was written down but that they came.
    op.execute(
        """
        INSERT INTO visit (ticket_id, office_id, day, state, since)
        SELECT ticket.id, ticket.office_id, ticket.day, 'waiting', ticket.state_since
        FROM ticket WHERE ticket.state = 'checked_in'
        """
    )


def _make_printers() -> None:
    op.create_table(
        "printer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("port", sa.Integer(), nullable=False),
        sa.Column("width", sa.String(length=30), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.CheckConstraint("port BETWEEN 1 AND 65535", name=op.f("ck_printer_port")),
        sa.CheckConstraint("width IN ('58', '80')", name=op.f("ck_printer_roll_width")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_printer_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_printer")),
    )
    op.create_index("ix_printer_office_id", "printer", ["office_id"])
    op.create_table(
        "print_job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("printer_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("copy", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column("problem", sa.String(), nullable=True),
        sa.CheckConstraint("state IN ('sending', 'printed', 'sent', 'failed')", name=op.f("ck_print_job_print_state")),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_print_job_booking_id")),
        sa.ForeignKeyConstraint(["printer_id"], ["printer.id"], name=op.f("fk_print_job_printer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_print_job")),
    )
    op.create_index("ix_print_job_booking_id", "print_job", ["booking_id"])
    op.create_index(
        "uq_print_job_original",
        "print_job",
        ["booking_id"],
        unique=True,
        sqlite_where=sa.text("NOT copy"),
        postgresql_where=sa.text("NOT copy"),
    )
    op.create_table(
        "device",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("printer_id", sa.Integer(), nullable=True),
        sa.Column("code_hash", sa.LargeBinary(), nullable=True),
        sa.Column("code_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("token_hash", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("enrolled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("locked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_device_office_id")),
        sa.ForeignKeyConstraint(["printer_id"], ["printer.id"], name=op.f("fk_device_printer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_device_code_hash")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_device_token_hash")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_device_office_id", "device", ["office_id"])


def downgrade() -> None:
    for table in ("device", "print_job", "printer", "visit"):
        op.drop_table(table)
    with op.batch_alter_table("check_in") as batch:
        batch.drop_constraint(op.f("ck_check_in_identity_result"), type_="check")
        for column in ("identity_by", "identity_at", "identity", "device_id"):
            batch.drop_column(column)
    op.execute("DELETE FROM staff_assignment WHERE role = 'village'")
    _set_roles(ROLES)
    for table, columns in COLUMNS.items():
        for name in reversed(columns):
            op.execute(f"ALTER TABLE {table} DROP COLUMN {name}")
