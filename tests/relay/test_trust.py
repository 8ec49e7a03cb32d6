"""TLS: whom the desk believes that it is the host it says."""

import ssl

import pytest

from agent_app.relay.trust import trusted


def test_a_host_must_have_its_name_confirmed_by_an_authority_of_the_system() -> None:
    system = ssl.create_default_context()
    context = trusted("https://relay.example")
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert context.cert_store_stats() == system.cert_store_stats()
    assert context.minimum_version == system.minimum_version


@pytest.mark.parametrize("origin", ["http://127.0.0.1:8700", "ftp://relay.example", ""])
def test_who_is_not_asked_over_tls_is_no_way_round_it(origin: str) -> None:
    context = trusted(origin)
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert context.cert_store_stats()["x509"] == 0
