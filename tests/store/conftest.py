"""A store in a folder of its own, and the real keyring."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from keyring.backend import KeyringBackend

from agent_app.store.keyrings import known_keyring
from agent_app.store.rooms import Store
from tests.store import samples


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.create(tmp_path, samples.DATABASE_KEY, samples.EPOCH_KEY)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def secret_service() -> KeyringBackend:
    """The Secret Service of packaging/with-keyring: real, private, and gone with the run."""
    if not Path(os.environ.get("HOME", "")).name.startswith("sealdesk."):
        pytest.fail("These tests write into a keyring. Run them as: packaging/with-keyring .venv/bin/pytest")
    return known_keyring()
