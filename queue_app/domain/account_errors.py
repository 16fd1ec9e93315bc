"""Refusals about accounts of staff: codes, one-time links, and who must stay."""

from __future__ import annotations

from .errors import DomainError


class WrongCode(DomainError):
    """No code of this account's authenticator for this moment, one that was used before, and no recovery code of it."""

    code = "wrong_code"


class SecondFactorNeeded(DomainError):
    """Somebody with this role logs in with a code as well."""

    code = "second_factor_needed"


class LinkGone(DomainError):
    """A one-time link that is good no longer. ``details['why']``: unknown | used | withdrawn | expired."""

    code = "link_gone"


class LastAdministrator(DomainError):
    """Without this person an office would have no active administrator. ``details['office']``: its name."""

    code = "last_administrator"


class AccountInactive(DomainError):
    """Who logs in by a provider has an account that was deactivated."""

    code = "account_inactive"


class AlreadyLinked(DomainError):
    """The account, or the identity at the provider, is linked with another one."""

    code = "already_linked"


class PasswordsNotTaken(DomainError):
    """The operator has staff log in by the provider alone."""

    code = "passwords_not_taken"
