"""The recovery kit: docs/protocol.md section 17.2. One secret on two sheets of paper for two keepers.

Each sheet is 25 words. Either alone is random; both together make every key that the clinic must not lose: the
administrator's, in all its generations, and the audit key.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from agent_app.engine.administration.notebook import Refused, write_private
from agent_app.engine.sentence import Sentence, counted
from agent_app.protocol import primitives
from agent_app.protocol.labels import Label
from agent_app.store.key_material import AdminSecrets
from agent_app.store.passphrase import eff_long
from agent_app.transparency import fingerprint
from agent_app.transparency.audit import RecipientSecret

SHEET_WORDS = 25
_SEED, _TAG, _CHECK = 32, 4, 3  # bytes; with the sheet's number 40, which 25 of 7,776 words hold
_MARK = "SEALDESK-RECOVERY-SHEET-1"
_LONGEST = 16_384  # characters of a sheet's file
_TEXT = """Sealdesk recovery kit, sheet {number} of 2

Clinic:      {name}
Fingerprint: {fingerprint}
Address:     {address}

Two people keep one sheet each, apart from one another and from every computer.
One sheet alone opens nothing. Both together replace a lost administrator's key and open the audit logs:

    sealdesk-admin recover SHEET-1 SHEET-2 --address ADDRESS
    sealdesk-admin audit-key SHEET-1 SHEET-2 --output KEY-FILE

{mark}
{words}
"""


@dataclass(frozen=True, slots=True)
class Sheet:
    """`number` is 1 or 2."""

    number: int
    words: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Kit:
    """The secret of 32 bytes behind both sheets."""

    seed: bytes = field(repr=False)

    def administrator(self, generation: int, person: bytes) -> AdminSecrets:
        """The administrator's keys; 0 is the founding's. A later one cannot be told from an earlier."""
        keys = self._derived(64, "administrator", generation)
        return AdminSecrets(keys[:32], keys[32:], person)

    @property
    def recipient(self) -> RecipientSecret:
        keys = self._derived(96, "audit", 0)
        return RecipientSecret(keys[:32], keys[32:])

    def sheets(self, random: Callable[[int], bytes]) -> tuple[Sheet, Sheet]:
        """Two sheets, other ones at each call. Only sheets made together fit together."""
        pad = random(_SEED)
        tag = primitives.labelled_hash(Label.RECOVERY, "pair", pad, self.seed)[:_TAG]
        return _sheet(1, pad, tag), _sheet(2, _xor(self.seed, pad), tag)

    def _derived(self, length: int, what: str, generation: int) -> bytes:
        return primitives.kdf(self.seed, b"", Label.RECOVERY, what, generation, length=length)


def join(first: str, second: str) -> Kit:
    """The kit of two sheets' words, as typed or read. Raises Refused, and says which sheet is at fault."""
    (number, half, tag), (other_number, other, other_tag) = _read(first, 1), _read(second, 2)
    if number == other_number or tag != other_tag:
        raise Refused("These are not the two sheets of one kit. Each keeper has another one.")
    seed = _xor(half, other)
    pad = half if number == 1 else other
    if primitives.labelled_hash(Label.RECOVERY, "pair", pad, seed)[:_TAG] != tag:
        raise Refused("The two sheets do not fit together. Compare each with the paper, word by word.")
    return Kit(seed)


def write(folder: Path, name: str, clinic: bytes, address: str, sheets: Sequence[Sheet]) -> None:
    """Two files, readable by nobody else, to print and then to delete. Raises Refused where one is there already."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    paths = [folder / f"recovery-sheet-{sheet.number}.txt" for sheet in sheets]
    for path in paths:
        if path.exists():
            raise Refused(Sentence("{file} exists already. Choose an empty folder for the sheets.", file=path))
    for path, sheet in zip(paths, sheets, strict=True):
        rows = "\n".join("  ".join(sheet.words[start : start + 5]) for start in range(0, SHEET_WORDS, 5))
        text = _TEXT.format(
            number=sheet.number,
            name=name,
            fingerprint=fingerprint.to_text(clinic),
            address=address,
            mark=_MARK,
            words=rows,
        )
        write_private(path, text.encode())


def from_file(path: Path) -> str:
    """The words in a sheet's file."""
    with path.open("rb") as file:
        _, mark, words = file.read(_LONGEST).decode("utf-8", "replace").partition(_MARK)
    if not mark:
        raise Refused(Sentence("{file} is no recovery sheet: its words follow a line {mark}.", file=path, mark=_MARK))
    return words


def _sheet(number: int, half: bytes, tag: bytes) -> Sheet:
    raw = bytes([number]) + half + tag
    raw += primitives.labelled_hash(Label.RECOVERY, "sheet", raw)[:_CHECK]
    value, listed, words = int.from_bytes(raw, "big"), eff_long(), list[str]()
    for _ in range(SHEET_WORDS):
        value, place = divmod(value, len(listed))
        words.append(listed[place])
    return Sheet(number, tuple(words))


def _read(text: str, sheet: int) -> tuple[int, bytes, bytes]:
    code = f"kit.sheet-{sheet}"
    listed = {word: place for place, word in enumerate(eff_long())}
    words = re.findall(r"[a-z][a-z-]*", text[:_LONGEST].lower())
    if len(words) != SHEET_WORDS:
        raise Refused(
            counted(
                "A sheet has {most} words; here is 1. Type all of them, in their order.",
                "A sheet has {most} words; here are {count}. Type all of them, in their order.",
                len(words),
                most=SHEET_WORDS,
            ),
            code,
        )
    unknown = next((word for word in words if word not in listed), None)
    if unknown is not None:
        raise Refused(
            Sentence(
                "The word number {place} is on no sheet. Compare it with the paper.", place=words.index(unknown) + 1
            ),
            code,
        )
    value = 0
    for word in reversed(words):
        value = value * len(listed) + listed[word]
    length = 1 + _SEED + _TAG + _CHECK
    raw = value.to_bytes(length + 1, "big")
    whole = raw[1 : 1 + length - _CHECK]
    check = primitives.labelled_hash(Label.RECOVERY, "sheet", whole)[:_CHECK]
    if raw[0] or raw[-_CHECK:] != check or whole[0] not in (1, 2):
        raise Refused(
            "A word of this sheet is wrong, or two are exchanged. Compare it with the paper, word by word.", code
        )
    return whole[0], whole[1 : 1 + _SEED], whole[1 + _SEED :]


def _xor(a: bytes, b: bytes) -> bytes:
    return bytes(x ^ y for x, y in zip(a, b, strict=True))
