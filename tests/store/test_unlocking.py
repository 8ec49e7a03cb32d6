"""The delay after failures, and the side file that tells the audit log of them."""

import base64
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nacl import bindings as sodium

from agent_app.protocol import primitives
from agent_app.protocol.encoding import encode
from agent_app.protocol.labels import Label
from agent_app.store.errors import UnlockDelayed
from agent_app.store.unlocking import LARGEST_FILE, LONGEST_DELAY, FailedUnlocks, UnlockDelay

SECRET = bytes(range(32))
PUBLIC = primitives.dh_public(SECRET)


# Delay


def failed(folder: Path, times: int, now: int = 0) -> int:
    """Fails so often, each time as soon as it may; answers when that was."""
    for _ in range(times):
        delay = UnlockDelay(folder)
        now += delay.seconds(now) * 1000
        delay.begin(now)
    return now


def test_the_wait_doubles_up_to_a_quarter_of_an_hour(tmp_path: Path) -> None:
    waits, now = [], 0
    for _ in range(16):
        now = failed(tmp_path, 1, now)
        waits.append(UnlockDelay(tmp_path).seconds(now))
    assert waits == [0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900, 900]
    assert LONGEST_DELAY == 900


def test_a_try_is_counted_before_it_is_made(tmp_path: Path) -> None:
    """Somebody who ends the program before it answers has failed too."""
    for _ in range(3):
        UnlockDelay(tmp_path).begin(0)
    with pytest.raises(UnlockDelayed):
        UnlockDelay(tmp_path).begin(0)


def test_success_forgets(tmp_path: Path) -> None:
    now = failed(tmp_path, 10)
    UnlockDelay(tmp_path).passed()
    assert UnlockDelay(tmp_path).seconds(now) == 0


def test_a_clock_that_was_set_back_costs_one_more_wait_and_not_a_year(tmp_path: Path) -> None:
    year = 365 * 86_400_000
    failed(tmp_path, 4, now=year)
    assert UnlockDelay(tmp_path).seconds(0) == 2
    assert UnlockDelay(tmp_path).seconds(2_000) == 0


def test_a_count_that_somebody_wrote_into_is_the_longest_wait_once(tmp_path: Path) -> None:
    (tmp_path / "unlock-delay").write_bytes(b"nonsense")
    assert UnlockDelay(tmp_path).seconds(0) == LONGEST_DELAY
    assert UnlockDelay(tmp_path).seconds(LONGEST_DELAY * 1000) == 0


def test_a_count_beyond_counting_is_the_longest_wait(tmp_path: Path) -> None:
    (tmp_path / "unlock-delay").write_bytes(encode([2**53 - 1, 0]))
    assert UnlockDelay(tmp_path).seconds(0) == LONGEST_DELAY


# Side file


def lines_of(folder: Path) -> list[bytes]:
    return (folder / "unlock-failed").read_bytes().splitlines(keepends=True)


def put(folder: Path, lines: list[bytes]) -> None:
    (folder / "unlock-failed").write_bytes(b"".join(lines))


def test_failures_are_read_back_once_in_order(tmp_path: Path) -> None:
    mark = FailedUnlocks(tmp_path).begin(PUBLIC)
    for now in (5, 6, 7):
        assert FailedUnlocks(tmp_path).record(now)
    first = FailedUnlocks(tmp_path).read(SECRET, mark)
    assert (first.times, first.broken) == ((5, 6, 7), False)
    assert FailedUnlocks(tmp_path).read(SECRET, first.mark).times == ()
    FailedUnlocks(tmp_path).record(8)
    second = FailedUnlocks(tmp_path).read(SECRET, first.mark)
    assert (second.times, second.broken) == ((8,), False)


def test_an_unlock_that_was_not_stored_reads_the_same_again(tmp_path: Path) -> None:
    """The mark is stored with the audit entries; a crash before that repeats the reading and loses nothing."""
    mark = FailedUnlocks(tmp_path).begin(PUBLIC)
    FailedUnlocks(tmp_path).record(5)
    assert FailedUnlocks(tmp_path).read(SECRET, mark) == FailedUnlocks(tmp_path).read(SECRET, mark)


def test_a_locked_device_cannot_read_its_own_file(tmp_path: Path) -> None:
    mark = FailedUnlocks(tmp_path).begin(PUBLIC)
    FailedUnlocks(tmp_path).record(1_790_000_000_123)
    (_, line) = lines_of(tmp_path)
    assert encode(1_790_000_000_123) not in base64.b64decode(line)
    found = FailedUnlocks(tmp_path).read(bytes(32), mark)
    assert (found.times, found.broken) == ((), True)


def test_each_line_names_the_one_before_as_the_specification_says(tmp_path: Path) -> None:
    FailedUnlocks(tmp_path).begin(PUBLIC)
    FailedUnlocks(tmp_path).record(5)
    head, line = (line.rstrip(b"\n") for line in lines_of(tmp_path))
    attempt = sodium.crypto_box_seal_open(base64.b64decode(line), PUBLIC, SECRET)
    assert attempt == encode([5, primitives.labelled_hash(Label.UNLOCK_FAILED, head)])
    assert base64.b64decode(head)[:32] == PUBLIC


TAMPERED = {
    "a line taken out": lambda lines: [*lines[:2], *lines[3:]],
    "two lines exchanged": lambda lines: [lines[0], lines[2], lines[1], *lines[3:]],
    "a line twice": lambda lines: [*lines, lines[-1]],
    "the first line taken out": lambda lines: lines[1:],
    "everything taken out": lambda lines: [],
    "only the first line left": lambda lines: lines[:1],
    "a line of somebody else's": lambda lines: [*lines, base64.b64encode(bytes(120)) + b"\n"],
    "a line that is not base64": lambda lines: [*lines, b"!\n"],
    "an empty line": lambda lines: [*lines, b"\n"],
    "more than we ever write": lambda lines: [*lines, b"A" * LARGEST_FILE],
}


@pytest.mark.parametrize("case", TAMPERED)
def test_a_broken_chain_is_found(case: str, tmp_path: Path) -> None:
    side = FailedUnlocks(tmp_path)
    mark = side.begin(PUBLIC)
    side.record(1)
    mark = side.read(SECRET, mark).mark
    for now in (2, 3, 4):
        side.record(now)
    intact = side.read(SECRET, mark)
    assert (intact.times, intact.broken) == ((2, 3, 4), False)
    put(tmp_path, TAMPERED[case](lines_of(tmp_path)))
    assert side.read(SECRET, mark).broken


def test_a_file_that_was_taken_away_is_found(tmp_path: Path) -> None:
    mark = FailedUnlocks(tmp_path).begin(PUBLIC)
    (tmp_path / "unlock-failed").unlink()
    assert not FailedUnlocks(tmp_path).record(1)
    assert FailedUnlocks(tmp_path).read(SECRET, mark).broken


def test_a_file_begun_anew_by_somebody_else_is_found(tmp_path: Path) -> None:
    mark = FailedUnlocks(tmp_path).begin(PUBLIC)
    FailedUnlocks(tmp_path).begin(PUBLIC)
    assert FailedUnlocks(tmp_path).read(SECRET, mark).broken


def test_a_file_that_nothing_can_be_sealed_to_is_broken_and_takes_no_line(tmp_path: Path) -> None:
    """Its first line names a point of small order: libsodium refuses to seal to it."""
    line = base64.b64encode(bytes(64))
    (tmp_path / "unlock-failed").write_bytes(line + b"\n")
    failed = FailedUnlocks(tmp_path)
    assert not failed.record(0)
    assert failed.read(SECRET, primitives.labelled_hash(Label.UNLOCK_FAILED, line)).broken


def test_after_an_alarm_the_file_is_begun_anew(tmp_path: Path) -> None:
    FailedUnlocks(tmp_path).begin(PUBLIC)
    put(tmp_path, [])
    mark = FailedUnlocks(tmp_path).begin(PUBLIC)
    FailedUnlocks(tmp_path).record(9)
    assert FailedUnlocks(tmp_path).read(SECRET, mark).times == (9,)


def test_a_line_cut_short_by_a_crash_is_no_tampering(tmp_path: Path) -> None:
    mark = FailedUnlocks(tmp_path).begin(PUBLIC)
    FailedUnlocks(tmp_path).record(5)
    whole = (tmp_path / "unlock-failed").read_bytes()
    FailedUnlocks(tmp_path).record(6)
    (tmp_path / "unlock-failed").write_bytes((tmp_path / "unlock-failed").read_bytes()[: len(whole) + 30])
    assert FailedUnlocks(tmp_path).read(SECRET, mark).times == (5,)
    FailedUnlocks(tmp_path).record(7)
    found = FailedUnlocks(tmp_path).read(SECRET, mark)
    assert (found.times, found.broken) == ((5, 7), False)


@settings(deadline=None)
@given(junk=st.binary(max_size=400))
def test_whatever_stands_in_the_file_is_read_without_an_accident(
    junk: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("junk")
    mark = FailedUnlocks(folder).begin(PUBLIC)
    with (folder / "unlock-failed").open("ab") as file:
        file.write(junk)
    assert FailedUnlocks(folder).read(SECRET, mark).broken == (b"\n" in junk)
    FailedUnlocks(folder).record(1)
