"""replaced keys: what was replaced, and one check value for all that is in force"""

from __future__ import annotations

import hashlib

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

ALL = "all"
CHECKS = sa.table("key_check", sa.column("name", sa.String), sa.column("value", sa.LargeBinary))


def upgrade() -> None:
    op.create_table(
        "former_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_ticket_id", sa.Integer(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former_key")),
        sqlite_autoincrement=True,  # an id is never given twice (0027)
    )
    known = op.get_bind().execute(sa.select(CHECKS.c.name, CHECKS.c.value).order_by(CHECKS.c.name)).all()
    if known:  # as `domain/keyring.py: KeysInForce.epoch` makes it
        digest = hashlib.sha256(b"".join(name.encode() + b"\0" + bytes(value) for name, value in sorted(known)))
        op.execute(CHECKS.insert().values(name=ALL, value=digest.digest()))


def downgrade() -> None:
    op.execute(CHECKS.delete().where(CHECKS.c.name == ALL))
    op.drop_table("former_key")
