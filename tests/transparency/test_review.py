"""Which entries of audit logs somebody should have an explanation for."""

import hashlib

import pytest

from agent_app.protocol.keys import ConversationId, DeviceId
from agent_app.transparency import review
from agent_app.transparency.audit import Entry, Kind
from agent_app.transparency.review import DAY, Finding, findings

ANA, BEN = DeviceId(b"a" * 32), DeviceId(b"b" * 32)
HERE, THERE = ConversationId(b"h" * 32), ConversationId(b"t" * 32)
NOW = 100 * DAY


def log(*told: Entry) -> list[tuple[int, Entry]]:
    return list(enumerate(told, 1))


def at(time: int, kind: Kind, *arguments: str, place: bytes = HERE) -> Entry:
    return Entry(time, kind, place, arguments)


def found(
    logs: dict[DeviceId, list[tuple[int, Entry]]], first: int = 0, last: int = NOW
) -> list[tuple[str, DeviceId, int]]:
    return [(one.reason, one.device, one.index) for one in findings(logs, first, last, NOW)]


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("unlock-failed", "unlock-failed"),
        ("export", "export"),
        ("print", "export"),
        ("history", "export"),
        ("alarm", "alarm"),
        ("rollback", "alarm"),
    ],
)
def test_some_entries_always_stand_out(kind: Kind, reason: str) -> None:
    assert found({ANA: log(at(5, kind, place=b""))}) == [(reason, ANA, 1)]


@pytest.mark.parametrize("kind", ["unlock", "lock", "receive", "invite", "revoked", "search", "retract", "review"])
def test_some_never_do(kind: Kind) -> None:
    assert found({ANA: log(at(5, kind))}) == []


@pytest.mark.parametrize("act", ["claim", "send", "check"])
def test_a_view_with_a_reason_near_it_is_none(act: Kind) -> None:
    for apart in (-DAY, 0, DAY):
        told = sorted([at(9 * DAY, "view"), at(9 * DAY + apart, act, "note")], key=lambda entry: entry.time)
        assert found({ANA: log(*told)}) == []


def test_a_view_without_one_is_found_once_a_day() -> None:
    told = log(
        at(DAY, "view"),
        at(DAY + 1, "view"),
        at(DAY + 2, "claim", place=THERE),
        at(2 * DAY, "view"),
        at(4 * DAY + 1, "claim"),
    )
    assert found({ANA: told}) == [("unclaimed-view", ANA, 1), ("unclaimed-view", ANA, 4)]


def test_a_colleagues_claim_explains_no_view() -> None:
    assert found({ANA: log(at(5, "view")), BEN: log(at(5, "claim"))}) == [("unclaimed-view", ANA, 1)]


def test_who_was_written_to_long_before_the_check_is_found_by_all_logs_together() -> None:
    wrote = log(at(1, "send", "note"), at(DAY, "send", "text"), at(DAY + 5, "send", "file"))
    matches = at(2 * DAY, "check", "identifiers", "matches")
    assert found({ANA: wrote, BEN: log(matches)}) == []
    late = at(2 * DAY + 1, "check", "identifiers", "matches")
    assert found({ANA: wrote, BEN: log(late)}) == [("late-check", ANA, 2)]
    assert found({ANA: wrote, BEN: log(at(5, "check", "identifiers", "does not match"))}) == [("late-check", ANA, 2)]
    assert found({ANA: wrote, BEN: log(at(5, "verdict", "passed", "2"))}) == []
    assert found({ANA: wrote, BEN: log(at(5, "verdict", "passed", "1"))}) == [("late-check", ANA, 2)]
    assert found({ANA: wrote, BEN: log(at(5, "verdict", "wrong", "0"))}) == [("late-check", ANA, 2)]


def test_who_was_written_to_today_has_time_yet() -> None:
    assert found({ANA: log(at(NOW - DAY, "send", "text"))}) == []


def test_a_period_begins_with_its_first_moment_and_ends_before_its_last() -> None:
    told = log(*(at(time, "export") for time in (4, 5, 9, 10)))
    assert [index for _, _, index in found({ANA: told}, 5, 10)] == [2, 3]


def test_the_digest_names_what_was_found_and_in_which_order() -> None:
    two = findings({ANA: log(at(6, "export")), BEN: log(at(5, "alarm"))}, 0, NOW, NOW)
    lines = f"{BEN.hex()} 1 alarm\n{ANA.hex()} 1 export\n"
    assert review.digest(two) == hashlib.sha256(lines.encode()).hexdigest()
    other = (*two[:1], Finding("alarm", ANA, 1, two[1].entry))
    assert review.digest(other) != review.digest(two)
