"""Whether the provider of identities answers as one, where staff log in by it."""

from __future__ import annotations

from collections.abc import Iterator

from queue_app.config import Settings
from queue_app.domain.openid import ProviderAway

from .findings import Finding, good, look, wrong


def provider(settings: Settings) -> Iterator[Finding]:
    """Nothing where there is none."""
    chosen = settings.openid
    if chosen is None:
        return
    from queue_app.adapters.openid import Provider  # whoever has no provider is spared the memory of the libraries

    try:
        Provider(chosen).metadata()
    except ProviderAway as fault:
        remedy = "See QUEUE_APP_OIDC_ISSUER, the network, and SSL_CERT_FILE where its authority is your own."
        yield wrong("log-in", f"The provider of identities {chosen.issuer} cannot be used: {fault}.", remedy)
        return
    yield good("log-in", f"The provider of identities {chosen.issuer} answers as one.")
    if not settings.public_url.startswith("https://"):
        sentence = f"Staff come back from the provider to {settings.public_url}, in the clear."
        yield look("log-in", sentence, "Set QUEUE_APP_PUBLIC_URL to the https address.")
