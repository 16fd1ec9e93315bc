"""Variables of the environment: each kind of value read and checked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from email.utils import parseaddr
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from queue_app.domain.openid import OpenIdSettings
from queue_app.domain.site import LEAST_CONTRAST, LONGEST_HEADING, contrast_of_white, is_colour

HIGHEST_PORT = 65535
SHORTEST_TOKEN = 16  # characters
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"


class Variables:
    """Raises ValueError with a sentence that names the wrong one. An empty variable is like one that is not set."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment

    def text(self, name: str, default: str) -> str:
        value = self._environment.get(name, "").strip()
        if not value.isprintable():
            raise ValueError(f"{name} must be one line without control characters.")
        return value or default

    def number(self, name: str, default: int, most: int, *, least: int = 1) -> int:
        raw = self.text(name, str(default))
        if not re.fullmatch(r"-?[0-9]{1,20}", raw):
            raise ValueError(f"{name} must be a whole number, not {raw!r}.")
        if not least <= int(raw) <= most:
            raise ValueError(f"{name} must lie between {least} and {most}, not {raw}.")
        return int(raw)

    def port(self, name: str, default: int) -> int:
        return self.number(name, default, HIGHEST_PORT)

    def switch(self, name: str, default: bool) -> bool:
        raw = self.text(name, "yes" if default else "no").lower()
        if raw not in {"1", "0", "yes", "no", "true", "false"}:
            raise ValueError(f"{name} must be yes or no, not {raw!r}.")
        return raw in {"1", "yes", "true"}

    def choice(self, name: str, known: tuple[str, ...]) -> str:
        """The first one when nothing is said."""
        value = self.text(name, known[0])
        if value not in known:
            raise ValueError(f"{name} must be {' or '.join(known)}, not {value!r}.")
        return value

    def token(self, name: str) -> str | None:
        value = self.text(name, "")
        if value and len(value) < SHORTEST_TOKEN:
            # The value is not repeated: it is a secret even so.
            raise ValueError(f"{name} must have at least {SHORTEST_TOKEN} characters.")
        return value or None

    def folder(self, name: str) -> Path | None:
        value = self.text(name, "")
        return Path(value).absolute() if value else None

    def networks(self, name: str) -> tuple[IPv4Network | IPv6Network, ...]:
        try:
            return tuple(ip_network(one.strip()) for one in self.text(name, "").split(",") if one.strip())
        except ValueError:
            raise ValueError(f"{name} must be networks with commas between them, such as 10.20.0.0/16.") from None

    def days_and_weeks(self, name: str, default: str) -> tuple[int, int]:
        kept = re.fullmatch(r"([0-9]{1,4})/([0-9]{1,4})", self.text(name, default))
        if kept is None:
            raise ValueError(f"{name} must be days/weeks, such as {default}.")
        return int(kept[1]), int(kept[2])

    def heading(self, name: str, default: str) -> str:
        value = self.text(name, default)
        if len(value) > LONGEST_HEADING:
            raise ValueError(f"{name} has {len(value)} characters; {LONGEST_HEADING} fit into the head of a page.")
        return value

    def colour(self, name: str, default: str) -> str:
        value = self.text(name, default)
        if not is_colour(value):
            raise ValueError(f"{name} must look like {default}, not {value!r}.")
        if (contrast := contrast_of_white(value)) < LEAST_CONTRAST:
            raise ValueError(
                f"{name}: white is not legible on {value} (contrast {contrast:.1f}, at least {LEAST_CONTRAST} is "
                "needed). Choose a darker colour."
            )
        return value

    def web_address(self, name: str, default: str) -> str:
        """The address of the site, without a slash at its end. The product stands at the top of its host."""
        value = self.text(name, "").rstrip("/")
        if not value:
            return default
        try:
            parts = urlsplit(value)
            address = f"{parts.scheme}://{parts.netloc}"
            known = parts.scheme in {"http", "https"} and _is_host(parts.hostname or "") and parts.port != 0
        except ValueError:  # a port that is no number, half an IPv6 address
            known = False
        if not known or value.lower() != address.lower() or "@" in address or address.endswith(":"):
            raise ValueError(
                f"{name} must be the address that citizens type, as https://antrean.example.go.id: http or https and a "
                "host, without user, path or question mark."
            )
        return address

    def database(self, name: str, default: str) -> str:
        value = self.text(name, default)
        for prefix in ("postgres://", "postgresql://"):  # providers write these; the driver here is psycopg 3
            if value.startswith(prefix):
                value = "postgresql+psycopg://" + value.removeprefix(prefix)
        known = re.match(r"sqlite:///.|postgresql\+psycopg://", value) and value != "sqlite:///:memory:"
        if value != default and not known:
            # The value is not repeated: it may hold a password.
            raise ValueError(f"{name} must begin with postgresql:// or be sqlite:/// with the path of a file.")
        return value

    def sender(self, name: str, default: str) -> str:
        value = self.text(name, default)
        _name, address = parseaddr(value)
        local, _at, host = address.rpartition("@")
        alone = value == address or value.endswith(f"<{address}>")
        if not (alone and address.isascii() and re.fullmatch(r"[^@\s]+", local) and _is_host(host)):
            raise ValueError(f"{name} must be a mail address, as antrean@example.go.id, not {value!r}.")
        return value

    def openid(self) -> dict[str, Any]:
        """The settings of the provider by which staff log in. Its secret is never repeated."""
        alone = not self.switch("QUEUE_APP_PASSWORD_LOG_IN", True)
        issuer = self.text("QUEUE_APP_OIDC_ISSUER", "")
        client_id, secret = self.text("QUEUE_APP_OIDC_CLIENT_ID", ""), self.text("QUEUE_APP_OIDC_CLIENT_SECRET", "")
        label = self.text("QUEUE_APP_OIDC_LABEL", "Masuk dengan akun instansi")
        label_en = self.text("QUEUE_APP_OIDC_LABEL_EN", "Log in with your agency's account")
        claim = self.text("QUEUE_APP_OIDC_ACCOUNT_CLAIM", OpenIdSettings.account_claim)
        means = self.text("QUEUE_APP_OIDC_SECOND_FACTOR", "")
        if not issuer:
            if client_id or secret or alone:
                raise ValueError("QUEUE_APP_OIDC_ISSUER is needed by the other settings of the log-in by a provider.")
            return {}
        if not re.fullmatch(r"https://[^\s?#@]+", issuer):
            raise ValueError(f"QUEUE_APP_OIDC_ISSUER must be the https address of the provider, not {issuer!r}.")
        if not (client_id and secret):
            raise ValueError("QUEUE_APP_OIDC_CLIENT_ID and QUEUE_APP_OIDC_CLIENT_SECRET belong together: set both.")
        second_factor = frozenset(one.strip() for one in means.split(",") if one.strip())
        labels = {"id": label, "en": label_en}
        chosen = OpenIdSettings(issuer, client_id, secret, labels, account_claim=claim, second_factor=second_factor)
        return {"openid": chosen, "password_log_in": not alone}

    def anchor_mail(self, name: str) -> str | None:
        if not self.text(name, ""):
            return None
        if not self.text("QUEUE_APP_SMTP_HOST", ""):
            raise ValueError(f"{name} needs QUEUE_APP_SMTP_HOST: in a file the anchors would not leave.")
        return self.sender(name, "")

    def mail_server(self, port: int) -> dict[str, Any]:
        """The settings of the mail server. ``port``: where it listens unless something else is said."""
        host = self.text("QUEUE_APP_SMTP_HOST", "")
        if host and not _is_host(host):
            raise ValueError(
                f"QUEUE_APP_SMTP_HOST must be the name of a host alone, not {host!r}; its port is QUEUE_APP_SMTP_PORT."
            )
        user, password = (self._environment.get(f"QUEUE_APP_SMTP_{name}") or None for name in ("USER", "PASSWORD"))
        if (user is None) != (password is None):
            raise ValueError("QUEUE_APP_SMTP_USER and QUEUE_APP_SMTP_PASSWORD belong together: set both or neither.")
        return {
            "smtp_host": host or None,
            "smtp_port": self.port("QUEUE_APP_SMTP_PORT", port),
            "smtp_user": user,
            "smtp_password": password,
            "smtp_starttls": self.switch("QUEUE_APP_SMTP_STARTTLS", True),
        }


def _is_host(name: str) -> bool:
    """A name of the DNS in ASCII, or an address of IPv4 or IPv6."""
    try:
        return bool(ip_address(name))
    except ValueError:
        return len(name) <= 253 and re.fullmatch(_LABEL + r"(\." + _LABEL + r")*", name, re.IGNORECASE) is not None
