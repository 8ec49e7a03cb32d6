"""The tables of docs/protocol.md and those of the program are the same."""

import re
from pathlib import Path

from agent_app.protocol import errors, limits
from agent_app.protocol.errors import LimitError, ProtocolError
from agent_app.protocol.events import PERMISSIONS
from agent_app.protocol.labels import PREFIX, Label

TEXT = (Path(__file__).parent.parent.parent / "docs" / "protocol.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    return TEXT.split(f"## {title}\n")[1].split("\n## ")[0]


def leaves(kind: type[ProtocolError]) -> list[type[ProtocolError]]:
    return [kind, *(leaf for child in kind.__subclasses__() for leaf in leaves(child))]


def test_labels() -> None:
    assert set(re.findall(r"`([a-z-]+)`", section("20 Labels"))) == {label.value for label in Label}
    assert PREFIX == "sealdesk/1/"


def test_every_label_of_the_text_is_in_the_table() -> None:
    used = re.findall(r'(?:H|Sign|frame|MAC|KDF)\([^"`\n]*?"([a-z-]+)"', TEXT)
    assert set(used) <= {label.value for label in Label}
    assert len(used) > 30


def test_error_codes() -> None:
    listed = set(re.findall(r"`([a-z]+\.[a-z-]+)`", section("19 Errors")))
    assert listed == {kind.code for kind in leaves(ProtocolError) if hasattr(kind, "code")}


def test_every_error_says_what_happened_and_what_to_do() -> None:
    for kind in leaves(ProtocolError):
        if hasattr(kind, "code"):
            error = kind("name", 1, 2) if issubclass(kind, LimitError) else kind("a detail")
            assert error.sentence.endswith(".")
            assert error.action.endswith(".")
            assert all(part in str(error) for part in (error.code, error.sentence, error.action, error.detail))


def test_the_tree_in_the_docstring_is_the_tree() -> None:
    documented = set(re.findall(r"── (\w+)", errors.__doc__ or ""))
    assert documented == {kind.__name__ for kind in leaves(ProtocolError)} - {"ProtocolError"}


def test_events_have_a_permission() -> None:
    named = set(re.findall(r'`\["([a-z]+)"', section("9 Content")))
    assert named - {"SD1"} == {event.__struct_config__.tag for event in PERMISSIONS}  # type: ignore[attr-defined]


def test_limits() -> None:
    table = section("18 Limits").replace(",", "")
    assert (limits.TEXT.value, limits.BODY.value, limits.SLOT.value) == (15 * 1024, 32_808, 4096)
    for written in (
        "15 KiB",
        f"{limits.BODY.value} bytes",
        "4 KiB",
        "| 50 |",
        "25 MiB",
        "72 h",
        "1000 a session 30 days",
    ):
        assert written in table, written
    assert "name 200 note 4 KiB tag 64 code 16 outcome 64 reason 200 bytes" in table
    values = [limits.NAME, limits.NOTE, limits.TAG, limits.CODE, limits.OUTCOME, limits.REASON]
    assert [limit.value for limit in values] == [200, 4096, 64, 16, 64, 200]
    assert all(limit.reason for limit in vars(limits).values() if isinstance(limit, limits.Limit))
