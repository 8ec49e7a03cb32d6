"""The threat model points only to what exists: sections of the protocol, tests, files."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs/threat-model.md").read_text(encoding="utf-8")
PROTOCOL = (ROOT / "docs/protocol.md").read_text(encoding="utf-8")
TESTS = {
    name
    for path in (ROOT / "tests").rglob("test_*.py")
    for name in re.findall(r"^ *(?:async )?def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
}
HEADINGS = set(re.findall(r"^#+ (\d+(?:\.\d+)?) ", PROTOCOL, re.MULTILINE)) | set(
    re.findall(r"^\| (16\.\d+)", PROTOCOL, re.MULTILINE)
)


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`(test_\w+)`", TEXT))))
def test_each_test_that_it_names_exists(name: str) -> None:
    assert name in TESTS


@pytest.mark.parametrize("section", sorted(set(re.findall(r"§(\d+(?:\.\d+)?)", TEXT))))
def test_each_section_that_it_names_exists(section: str) -> None:
    assert section in HEADINGS


@pytest.mark.parametrize("path", sorted(set(re.findall(r"(?:`|\()((?:tests|decisions)/[\w/.-]+)(?:`|\))", TEXT))))
def test_each_file_that_it_names_exists(path: str) -> None:
    assert (ROOT / path).exists() or (ROOT / "docs" / path).exists()


def test_it_names_something_at_all() -> None:
    assert len(set(re.findall(r"`(test_\w+)`", TEXT))) > 50
