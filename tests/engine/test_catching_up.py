"""After an update that knows more of a conversation: all are reduced anew, in slices beside the day's work."""

import asyncio
import os
from collections.abc import Iterator
from dataclasses import replace

import pytest

from agent_app.engine import notices
from agent_app.engine.events import ConversationRow, ConversationsAdded, ConversationsLoaded, Event, NoticeRaised
from agent_app.engine.inbox import Inbox
from agent_app.engine.pace import Pace
from agent_app.engine.shift import Shift
from agent_app.engine.unlocking import Surroundings, opened
from agent_app.store.rooms import Store
from tests.load.desk_clinic import CHEAPEST, NOW, Clinic, build

MANY = 75  # more than a window shows at once


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clinic]:
    made = build(tmp_path_factory.mktemp("updated"), MANY, 2 * MANY)
    yield made
    made.vault.remove()


@pytest.fixture
def store(clinic: Clinic) -> Iterator[Store]:
    made = clinic.open()
    with made.transaction():
        made.database.write("UPDATE conversations SET summary = x''")
    yield made
    made.close()


def inbox(clinic: Clinic, store: Store, told: list[Event]) -> Inbox:
    around = Surroundings(clinic.profile, told.append, lambda: NOW, os.urandom, None, CHEAPEST)
    return Shift(opened(around, clinic.secrets, store), Pace(), "")._conversations.inbox


def loaded(told: list[Event]) -> tuple[ConversationRow, ...]:
    return next(event.rows for event in told if isinstance(event, ConversationsLoaded))


def test_the_newest_are_there_at_once_and_the_others_follow(clinic: Clinic, store: Store) -> None:
    told: list[Event] = []
    room = inbox(clinic, store, told)
    room.load()
    first = loaded(told)
    assert NoticeRaised(notices.CATCHING_UP) in told
    asyncio.run(room.catch_up())
    added = [row for event in told if isinstance(event, ConversationsAdded) for row in event.rows]
    assert 0 < len(first) < MANY
    assert [row.conversation for row in (*first, *added)] == [one.id for one in store.conversations.list()]
    assert len({row.conversation for row in (*first, *added)}) == len(first) + len(added) == MANY
    assert all(row.preview for row in added)

    again: list[Event] = []
    inbox(clinic, store, again).load()  # as the next unlock finds it
    kept = {row.conversation: row for row in (*first, *added)}
    assert {row.conversation: replace(row, preview=kept[row.conversation].preview) for row in loaded(again)} == kept
    assert NoticeRaised(notices.CATCHING_UP) not in again


def test_what_a_lock_left_over_is_taken_up_at_the_next_unlock(clinic: Clinic, store: Store) -> None:
    told: list[Event] = []
    inbox(clinic, store, told).load()
    again: list[Event] = []
    room = inbox(clinic, store, again)
    room.load()
    asyncio.run(room.catch_up())
    added = [row for event in again if isinstance(event, ConversationsAdded) for row in event.rows]
    assert loaded(again) == loaded(told)
    assert len(loaded(again)) + len(added) == MANY
