"""Small typed facts and learnt names."""

from dataclasses import replace

import pytest

from agent_app.protocol.keys import ClinicId
from agent_app.store.rooms import Store
from agent_app.store.settings import Name
from tests.store.samples import device, of


def test_nothing_is_set_at_first(store: Store) -> None:
    settings = store.settings
    assert (settings.phase, settings.relay_origin, settings.clinic) == ("", "", b"")
    assert (settings.generation, settings.inbox_position, settings.raw("x")) == (0, 0, None)
    assert settings.number("x", 7) == 7
    assert settings.text("x", "seven") == "seven"


def test_what_was_set_is_read_and_replaced(store: Store) -> None:
    settings = store.settings
    for number in (1, 2**53 - 1):
        with store.transaction():
            settings.phase = f"phase {number}"
            settings.relay_origin = "https://relay.example"
            settings.clinic = ClinicId(of("clinic", 1))
            settings.generation = number
            settings.inbox_position = number
            settings.set_text("title", "Grüße")
            settings.set_raw("mark", b"\xff\x00")
    assert (settings.phase, settings.generation, settings.inbox_position) == (
        f"phase {2**53 - 1}",
        2**53 - 1,
        2**53 - 1,
    )
    assert (settings.relay_origin, settings.clinic) == ("https://relay.example", of("clinic", 1))
    assert (settings.text("title"), settings.raw("mark")) == ("Grüße", b"\xff\x00")


def test_a_name_is_learnt_and_learnt_anew(store: Store) -> None:
    name = Name(device(1), "Ada", of("salt"), 1)
    with store.transaction():
        store.settings.learn_name(name)
        store.settings.learn_name(Name(device(2), "Bo", of("salt"), 1))
        store.settings.learn_name(replace(name, name="Ada L.", told=2))
    assert store.settings.name_of(device(1)) == replace(name, name="Ada L.", told=2)
    assert store.settings.name_of(device(3)) is None
    assert {told.name for told in store.settings.names().values()} == {"Ada L.", "Bo"}
    assert "Ada" not in repr(name)


@pytest.mark.parametrize("write", ["phase", "relay_origin", "clinic", "generation", "inbox_position"])
def test_no_setting_is_written_outside_a_transaction(store: Store, write: str) -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        setattr(store.settings, write, 1 if write in ("generation", "inbox_position") else "x")
