"""accounts of staff: invitations and new passwords by one-time links, and second factors"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

ROLES = ("desk", "village", "counter", "administrator", "auditor")
COUNTING = {"sqlite_autoincrement": True}  # an id is never given twice (0027)


def upgrade() -> None:
    _make_invitations()
    _make_resets()
    _make_second_factors()


def _make_invitations() -> None:
    op.create_table(
        "staff_invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("invited_by", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        _moment("made_at", nullable=False),
        _moment("accepted_at"),
        _moment("withdrawn_at"),
        sa.ForeignKeyConstraint(["invited_by"], ["staff.id"], name=op.f("fk_staff_invitation_invited_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_invitation")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_staff_invitation_token_hash")),
        **COUNTING,
    )
    op.create_index("ix_staff_invitation_invited_by", "staff_invitation", ["invited_by"])
    op.create_table(
        "invited_role",
        sa.Column("invitation_id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column(
            "role", sa.Enum(*ROLES, name="role", native_enum=False, create_constraint=True, length=30), nullable=False
        ),
        sa.ForeignKeyConstraint(["invitation_id"], ["staff_invitation.id"], name=op.f("fk_invited_role_invitation_id")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_invited_role_office_id")),
        sa.PrimaryKeyConstraint("invitation_id", "office_id", "role", name=op.f("pk_invited_role")),
    )
    op.create_index("ix_invited_role_office_id", "invited_role", ["office_id"])


def _make_resets() -> None:
    op.create_table(
        "password_reset",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        _moment("made_at", nullable=False),
        _moment("used_at"),
        _moment("withdrawn_at"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_password_reset_staff_id")),
        sa.ForeignKeyConstraint(["made_by"], ["staff.id"], name=op.f("fk_password_reset_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_password_reset")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_password_reset_token_hash")),
        **COUNTING,
    )
    op.create_index("ix_password_reset_staff_id", "password_reset", ["staff_id"])
    op.create_index("ix_password_reset_made_by", "password_reset", ["made_by"])


def _make_second_factors() -> None:
    op.create_table(
        "second_factor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=True),
        _moment("on_since"),
        sa.Column("last_step", sa.BigInteger(), nullable=True),
        sa.Column("pending", sa.LargeBinary(), nullable=True),
        _moment("pending_since"),
        sa.Column("salt", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("(secret IS NULL) = (on_since IS NULL)", name=op.f("ck_second_factor_on_with_secret")),
        sa.CheckConstraint("(pending IS NULL) = (pending_since IS NULL)", name=op.f("ck_second_factor_pending_since")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_second_factor_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_second_factor")),
        sa.UniqueConstraint("staff_id", name=op.f("uq_second_factor_staff_id")),
        **COUNTING,
    )
    op.create_table(
        "recovery_code",
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        _moment("used_at"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_recovery_code_staff_id")),
        sa.PrimaryKeyConstraint("staff_id", "code_hash", name=op.f("pk_recovery_code")),
    )


def _moment(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def downgrade() -> None:
    for table in ("recovery_code", "second_factor", "password_reset", "invited_role", "staff_invitation"):
        op.drop_table(table)
