"""Vectors of encoding, frames, hashes and key derivation: docs/protocol.md, sections 1 and 2."""

from collections.abc import Iterator

from agent_app.protocol import primitives
from agent_app.protocol.encoding import Field, encode, frame
from agent_app.protocol.events import Claim, Identifier, PatientLabel, Read, ReadMark, Tag, Text, Verdict
from agent_app.protocol.keys import DeviceId, Transcript
from agent_app.protocol.labels import Label
from tests.vectors.material import Case, Randomness, fault, field_list, ok


def cases() -> Iterator[Case]:
    yield from _encoding()
    yield from _frame()


# Encoding: every input is read as an event


def _encoding() -> Iterator[Case]:
    topic = "encoding"
    device_id = DeviceId(bytes(range(32)))
    good = {
        "no-fields": (Claim(), "An array of the tag alone."),
        "text-and-boolean": (Tag("waits for a call", True), "A string and a boolean."),
        "text-of-31-bytes": (Text("x" * 31), "The longest fixstr."),
        "text-of-32-bytes": (Text("x" * 32), "The shortest str 8."),
        "text-of-256-bytes": (Text("x" * 256), "The shortest str 16."),
        "text-outside-ascii": (Text("Größe 🩺 ‏שלום"), "UTF-8 of two, three and four bytes."),
        "nested": (
            Read((ReadMark(device_id, 1), ReadMark(device_id, 128))),
            "Arrays in arrays; a fixint and a uint 8.",
        ),
        "uint-largest": (Read((ReadMark(device_id, 2**53 - 1),)), "The largest integer that is allowed."),
        "uint-32": (Read((ReadMark(device_id, 2**32 - 1), ReadMark(device_id, 2**32))), "uint 32 and uint 64."),
        "identifiers": (
            PatientLabel("Ada", (Identifier("birth-date", "1980-02-29"), Identifier("phone", "5550100"))),
            "Both kinds of identifier.",
        ),
        "verdict": (Verdict(device_id, Transcript(bytes(32)), "passed", 2, 1), "Binary, string and integers."),
    }
    for name, (event, comment) in good.items():
        yield topic, name, ok(comment, event=encode(event))
    for name, (code, data, comment) in _BAD_EVENTS.items():
        yield topic, name, fault(code, comment, event=data)


_MARK = b"\x91\x92\xc4\x20" + bytes(32)
_BAD_EVENTS = {
    "empty-input": ("encoding.malformed", b"", "No byte at all."),
    "trailing-byte": ("encoding.malformed", encode(Claim()) + b"\x00", "One byte behind the value."),
    "truncated": ("encoding.malformed", encode(Text("hello"))[:-1], "The last byte is missing."),
    "field-missing": ("encoding.malformed", encode(["tag", "x"]), "Two elements where three are needed."),
    "field-too-many": ("encoding.malformed", encode(["claim", None]), "Two elements where one is needed."),
    "tag-unknown": ("encoding.malformed", encode(["wave"]), "No event of this name."),
    "tag-missing": ("encoding.malformed", encode([]), "An empty array."),
    "tag-not-text": ("encoding.malformed", encode([b"claim"]), "The tag as binary."),
    "not-an-array": ("encoding.malformed", encode("claim"), "A string where an array is needed."),
    "map": ("encoding.malformed", b"\x81\xa5claim\xc0", "A map: the format has none."),
    "array-16": (
        "encoding.not-canonical",
        b"\xdc\x00\x01\xa5claim",
        "The array's length in two bytes more than needed.",
    ),
    "text-str-8": ("encoding.not-canonical", b"\x92\xa4text\xd9\x01x", "The text's length in a byte more than needed."),
    "text-as-binary": ("encoding.malformed", b"\x92\xa4text\xc4\x01x", "Binary where a string is needed."),
    "text-invalid-utf8": ("encoding.malformed", b"\x92\xa4text\xa1\xff", "A byte that UTF-8 never has."),
    "text-lone-surrogate": ("encoding.malformed", b"\x92\xa4text\xa3\xed\xa0\x80", "U+D800 alone."),
    "text-overlong-utf8": ("encoding.malformed", b"\x92\xa4text\xa2\xc1\x81", "The letter A in two bytes."),
    "boolean-as-integer": ("encoding.malformed", b"\x93\xa3tag\xa1x\x01", "1 where a boolean is needed."),
    "boolean-as-nil": ("encoding.malformed", b"\x93\xa3tag\xa1x\xc0", "nil where a boolean is needed."),
    "uint-too-large": (
        "encoding.malformed",
        b"\x92\xa4read" + _MARK + b"\xcf\x00\x20" + bytes(6),
        "2^53: more than a double holds exactly.",
    ),
    "uint-not-shortest": (
        "encoding.not-canonical",
        b"\x92\xa4read" + _MARK + b"\xcc\x01",
        "1 in a byte more than needed.",
    ),
    "uint-as-signed": ("encoding.not-canonical", b"\x92\xa4read" + _MARK + b"\xd0\x01", "1 as int 8."),
    "integer-negative": ("encoding.malformed", b"\x92\xa4read" + _MARK + b"\xff", "-1."),
    "float": (
        "encoding.malformed",
        b"\x92\xa4read" + _MARK + b"\xcb\x3f\xf0" + bytes(6),
        "1.0: the format has no floats.",
    ),
    "extension": ("encoding.malformed", b"\x92\xa4text\xd4\x01x", "An extension type."),
    "binary-too-short": ("encoding.malformed", encode(["block", bytes(31)]), "31 bytes where 32 are needed."),
    "binary-too-long": ("encoding.malformed", encode(["block", bytes(33)]), "33 bytes where 32 are needed."),
    "binary-as-text": ("encoding.malformed", encode(["block", "x" * 32]), "A string where binary is needed."),
    "binary-not-shortest": ("encoding.not-canonical", b"\x92\xa5block\xc5\x00\x20" + bytes(32), "bin 16 for 32 bytes."),
    "nested-deeply": ("encoding.malformed", b"\x91" * 5000 + b"\xc0", "5,000 arrays in one another."),
    "length-beyond-input": (
        "encoding.malformed",
        b"\x92\xa4text\xdb\xff\xff\xff\xff",
        "A length of 4 GiB with nothing behind.",
    ),
    "birth-date-form": (
        "encoding.malformed",
        encode(["label", "Ada", [["birth-date", "29.02.1980"]]]),
        "A birth date in another form than YYYY-MM-DD.",
    ),
    "phone-form": (
        "encoding.malformed",
        encode(["label", "Ada", [["phone", "+15550100"]]]),
        "A character that is no digit.",
    ),
    "phone-arabic-digits": (
        "encoding.malformed",
        encode(["label", "Ada", [["phone", "\u0665\u0665"]]]),
        "Digits, but not 0 to 9.",
    ),
    "verdict-level": (
        "encoding.malformed",
        encode(["verdict", bytes(32), bytes(32), "wrong", 2, 1]),
        "A level with an outcome other than passed.",
    ),
    "text-over-limit": ("limit.exceeded", encode(["text", "x" * (15 * 1024 + 1)]), "One byte above 15 KiB."),
    "identifiers-over-limit": (
        "limit.exceeded",
        encode(["label", "Ada", [["phone", str(i)] for i in range(3)]]),
        "Three identifiers: a list of guesses.",
    ),
}


# Hash, MAC, KDF


def _frame() -> Iterator[Case]:
    lists: dict[str, tuple[tuple[Field, ...], str]] = {
        "no-fields": ((), "The label alone."),
        "empty-field": ((b"",), "An empty field is not no field."),
        "two-fields": ((b"ab", b"c"), "With `two-fields-split-otherwise`: lengths keep the fields apart."),
        "two-fields-split-otherwise": ((b"a", b"bc"), "With `two-fields`."),
        "text": (("Größe",), "Text as UTF-8."),
        "integers": ((0, 1, 2**53 - 1), "Integers as eight bytes."),
    }
    for name, (fields, comment) in lists.items():
        random = Randomness(f"frame/{name}")
        key, salt, ikm = random(32), random(32), random(32)
        yield (
            "frame",
            name,
            ok(
                comment,
                label=Label.MESSAGE,
                fields=field_list(fields),
                frame=frame(Label.MESSAGE, *fields),
                hash=primitives.labelled_hash(Label.MESSAGE, *fields),
                mac={"key": key, "output": primitives.mac(key, Label.MESSAGE, *fields)},
                kdf={
                    "ikm": ikm,
                    "salt": salt,
                    "length": 96,
                    "output": primitives.kdf(ikm, salt, Label.MESSAGE, *fields, length=96),
                },
            ),
        )
