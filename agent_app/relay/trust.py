"""Whom a connection trusts."""

import ssl


def trusted(origin: str) -> ssl.SSLContext:
    """The authorities that this system trusts. To read them takes 30 ms of a core, for which plain HTTP, which goes to
    this very machine only, has no use: there it is nobody."""
    return ssl.create_default_context() if origin.startswith("https:") else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
