"""Refusals of what somebody typed about a person. ``details`` say why, and never what was typed."""

from __future__ import annotations

from .errors import DomainError


class InvalidNik(DomainError):
    """``details['reason']``: length | birth_date | serial | region."""

    code = "invalid_nik"


class InvalidPhone(DomainError):
    """``details['reason']``: shape | foreign | short | long (of these two: ``digits``, ``least``, ``most``)."""

    code = "invalid_phone"


class InvalidName(DomainError):
    """``details['reason']``: empty | number | long (``count``, ``maximum``) | letters | marks (``mark``) | digits."""

    code = "invalid_name"


class InvalidEmail(DomainError):
    """``details['reason']``: shape | unusual: ``signs`` that many mail servers refuse, right only when confirmed."""

    code = "invalid_email"
