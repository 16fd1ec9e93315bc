"""The declarative base and the column types that behave alike on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BindParameter, DateTime, Dialect, Enum, MetaData, TypeDecorator, bindparam
from sqlalchemy.orm import DeclarativeBase

LARGEST_ID = 2**31 - 1  # of any table: PostgreSQL counts rows in 32 bits


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC datetime. SQLite has no zones: there it is stored as naive UTC and comes back aware."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime must not reach the database")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def spelled_out(values: Iterable[str]) -> BindParameter[Any]:
    """Values of `in_` and `not_in` that stand in the statement itself: a database compares a condition with that of a
    partial index word by word, and uses the index only where it finds it again.
    """
    return bindparam(None, list(values), expanding=True, literal_execute=True)


def words(values: type[StrEnum], name: str) -> Any:
    """A text column restricted by a CHECK constraint to the values of a StrEnum."""
    return Enum(
        values,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=30,
        values_callable=lambda members: [member.value for member in members],
    )
