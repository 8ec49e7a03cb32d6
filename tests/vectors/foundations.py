"""Vectors of encoding, hashes, keys, certificates, prekeys and the Merkle tree."""

from collections.abc import Iterator

import msgspec

from agent_app.protocol import merkle, primitives
from agent_app.protocol.encoding import Field, encode, frame
from agent_app.protocol.events import Claim, Identifier, PatientLabel, Read, ReadMark, Tag, Text, Verdict
from agent_app.protocol.keys import Core, DeviceId, SignedCore, Transcript
from agent_app.protocol.labels import Label
from agent_app.protocol.prekeys import Bundle, Prekey
from tests.vectors.material import (
    CLINIC,
    DAY,
    NOW,
    Case,
    Fields,
    Randomness,
    bundle,
    device,
    device_fields,
    fault,
    flip,
    ok,
    pair_fields,
    prekeys,
)

P = 2**255 - 19
NOT_CANONICAL = (P + 9).to_bytes(32, "little")


def cases() -> Iterator[Case]:
    yield from _encoding()
    yield from _frame()
    yield from _keys()
    yield from _certificate()
    yield from _prekey()
    yield from _bundle()
    yield from _merkle()


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


def _field_list(fields: tuple[Field, ...]) -> list[Fields]:
    def one(field: Field) -> Fields:
        if isinstance(field, bytes):
            return {"bytes": field}
        return {"text": field} if isinstance(field, str) else {"uint": field}

    return [one(field) for field in fields]


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
                fields=_field_list(fields),
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


# Keys


def _keys() -> Iterator[Case]:
    random = Randomness("dh")
    a, b = random(32), random(32)
    shared = primitives.dh(a, primitives.dh_public(b))
    yield (
        "dh",
        "shared",
        ok("Both sides.", a=a, b=b, public_a=primitives.dh_public(a), public_b=primitives.dh_public(b), shared=shared),
    )
    for name, value, comment in _BAD_POINTS:
        public = value.to_bytes(32, "little")
        yield "dh", name, fault("key.invalid", comment, a=a, public_b=public)
    yield "dh", "too-short", fault("key.invalid", "31 bytes.", a=a, public_b=bytes(31))
    seed = random(32)
    public, message = primitives.signing_public(seed), b"what is signed"
    signature = primitives.sign(seed, Label.CONTENT, message)
    yield (
        "signature",
        "valid",
        ok(
            "Over the frame of one field.",
            seed=seed,
            public=public,
            label=Label.CONTENT,
            fields=_field_list((message,)),
            signature=signature,
        ),
    )
    for name, comment, bad in (
        ("flipped", "One bit of the signature is changed.", flip(signature, 0)),
        ("malleable", "S plus the group's order: the same equation holds, and it is refused.", _malleable(signature)),
        ("other-label", "Made under another label.", primitives.sign(seed, Label.MESSAGE, message)),
        ("too-short", "63 bytes.", signature[:-1]),
    ):
        yield (
            "signature",
            name,
            fault(
                "invalid", comment, public=public, label=Label.CONTENT, fields=_field_list((message,)), signature=bad
            ),
        )
    key, nonce, ad, plaintext = random(32), random(24), b"associated", b"plaintext"
    sealed = primitives.seal(key, nonce, ad, plaintext)
    common = {"key": key, "ad": ad}
    yield "seal", "valid", ok("Nonce, ciphertext, tag.", **common, nonce=nonce, plaintext=plaintext, sealed=sealed)
    yield (
        "seal",
        "empty",
        ok(
            "Nothing is sealed to 40 bytes.",
            **common,
            nonce=nonce,
            plaintext="",
            sealed=primitives.seal(key, nonce, ad, b""),
        ),
    )
    for name, comment, bad in (
        ("nonce-flipped", "One bit of the nonce is changed.", flip(sealed, 0)),
        ("ciphertext-flipped", "One bit of the ciphertext is changed.", flip(sealed, 24)),
        ("tag-flipped", "One bit of the tag is changed.", flip(sealed)),
        ("too-short", "39 bytes.", sealed[:39]),
        ("none", "No bytes.", b""),
    ):
        yield "seal", name, fault("message.undecryptable", comment, **common, sealed=bad)
    other = {"key": key, "ad": b"another"}
    yield "seal", "other-ad", fault("message.undecryptable", "Other associated data.", **other, sealed=sealed)


_BAD_POINTS = [
    ("order-1", 1, "A point of order 1."),
    ("order-2", 0, "A point of order 2."),
    ("order-4", P - 1, "A point of order 4."),
    ("order-8", min(primitives._SMALL_ORDER - {0, 1}), "A point of order 8."),
    ("order-8-other", sorted(primitives._SMALL_ORDER)[-2], "The other point of order 8."),
    ("prime", P, "2^255 - 19: another spelling of 0."),
    ("prime-plus-9", P + 9, "Another spelling of the base point."),
    ("largest", 2**255 - 1, "Another spelling of 18."),
    ("top-bit", 9 + 2**255, "The base point with the top bit set."),
]


def _malleable(signature: bytes) -> bytes:
    order = 2**252 + 27742317777372353535851937790883648493
    return signature[:32] + (int.from_bytes(signature[32:], "little") + order).to_bytes(32, "little")


# Certificates


def _certificate() -> Iterator[Case]:
    agent, supervisor, patient = device("agent"), device("supervisor", cosigning=True), device("patient", "patient")
    for name, owner, comment in (
        ("agent", agent, "An agent's device."),
        ("supervisor", supervisor, "With a cosigning key."),
        ("patient", patient, "A patient's browser."),
    ):
        core = owner.certificate.core
        public = {
            "kind": core.kind,
            "created": core.created,
            "signing": core.signing,
            "identity": core.identity,
            "mailbox": core.mailbox,
            "cosigning": core.cosigning,
        }
        yield "certificate", name, ok(comment, clinic=CLINIC, **public, **device_fields(owner))

    core = agent.certificate.core
    changed = msgspec.structs.replace

    def signed(core: Core) -> bytes:
        encoded = encode(core)
        return encode(SignedCore(encoded, primitives.sign(agent.keys.signing, Label.CERTIFICATE, encoded)))

    def parts() -> tuple[bytes, bytes]:
        record = msgspec.msgpack.decode(agent.certificate.encoded)
        return record[0], record[1]

    encoded, signature = parts()
    stranger = primitives.sign(patient.keys.signing, Label.CERTIFICATE, encoded)
    relabelled = primitives.sign(agent.keys.signing, Label.CONTENT, encoded)
    faults = {
        "signature-flipped": ("certificate.invalid", encode([encoded, flip(signature)]), "One bit is changed."),
        "core-flipped": ("certificate.invalid", encode([flip(encoded), signature]), "One bit of `created` is changed."),
        "signed-by-another": ("certificate.invalid", encode([encoded, stranger]), "Signed by another device."),
        "other-label": ("certificate.invalid", encode([encoded, relabelled]), "Signed as if it were a message."),
        "suite": ("suite.unknown", signed(changed(core, suite="SD2")), "Another suite."),
        "patient-cosigns": (
            "certificate.invalid",
            signed(changed(core, kind="patient", cosigning=bytes([9]) * 32)),
            "A patient's device with a cosigning key.",
        ),
        "identity-small-order": (
            "key.invalid",
            signed(changed(core, identity=bytes(32))),
            "An identity key of order 2.",
        ),
        "identity-not-canonical": (
            "key.invalid",
            signed(changed(core, identity=NOT_CANONICAL)),
            "Another spelling of a point.",
        ),
        "kind": (
            "encoding.malformed",
            encode(
                [
                    encode([*msgspec.msgpack.decode(encoded)[:2], "relay", *msgspec.msgpack.decode(encoded)[3:]]),
                    signature,
                ]
            ),
            "A kind that does not exist.",
        ),
        "cosigning-of-16": (
            "encoding.malformed",
            encode([encode([*msgspec.msgpack.decode(encoded)[:6], bytes(16), 1]), signature]),
            "A cosigning key of 16 bytes.",
        ),
        "trailing-byte-in-core": (
            "encoding.malformed",
            encode([encoded + b"\xc0", primitives.sign(agent.keys.signing, Label.CERTIFICATE, encoded + b"\xc0")]),
            "Signed, but more than a core.",
        ),
    }
    for name, (code, data, comment) in faults.items():
        yield "certificate", name, fault(code, comment, certificate=data)


# Prekeys and bundles


def _prekey() -> Iterator[Case]:
    owner = device("bob")
    pairs = prekeys(owner)
    common = {"certificate": owner.certificate.encoded, "now": NOW}
    for name, pair in (("signed", pairs.signed), ("kem-once", pairs.kem), ("one-time", pairs.one_time)):
        yield (
            "prekey",
            name,
            ok(
                "A valid prekey.",
                **common,
                signing_seed=owner.keys.signing,
                **pair_fields(pair),
                public=pair.prekey.public,
                expires=pair.prekey.expires,
            ),
        )

    good, kem = pairs.signed.prekey, pairs.kem.prekey
    changed = msgspec.structs.replace

    def signed(prekey: Prekey) -> Prekey:
        fields = (owner.device, prekey.kind, prekey.id, prekey.public, prekey.expires)
        return changed(prekey, signature=primitives.sign(owner.keys.signing, Label.PREKEY, *fields))

    faults = {
        "signature-flipped": ("prekey.invalid", changed(good, signature=flip(good.signature)), "One bit is changed."),
        "other-id": ("prekey.invalid", changed(good, id=99), "The id is not the signed one."),
        "other-kind": ("prekey.invalid", changed(good, kind="one-time"), "The kind is not the signed one."),
        "later-expiry": ("prekey.invalid", changed(good, expires=good.expires + 1), "Nor is the expiry."),
        "expired": ("prekey.expired", signed(changed(good, expires=NOW)), "It expires at this very moment."),
        "small-order": ("key.invalid", signed(changed(good, public=bytes(32))), "A point of order 2."),
        "not-canonical": ("key.invalid", signed(changed(good, public=NOT_CANONICAL)), "Another spelling."),
        "too-short": ("key.invalid", signed(changed(good, public=good.public[:-1])), "31 bytes."),
        "kem-too-short": ("key.invalid", signed(changed(kem, public=kem.public[:-1])), "1,183 bytes."),
        "kem-modulus": (
            "key.invalid",
            signed(changed(kem, public=b"\xff\xff\xff" + kem.public[3:])),
            "A coefficient that is not below 3329 (FIPS 203, 7.2).",
        ),
    }
    for name, (code, prekey, comment) in faults.items():
        yield "prekey", name, fault(code, comment, **common, prekey=encode(prekey))


def _bundle() -> Iterator[Case]:
    owner, other = device("bob"), device("mallory")
    pairs, others = prekeys(owner), prekeys(other)
    good = bundle(owner, pairs)
    common = {"certificate": owner.certificate.encoded, "now": NOW}
    changed = msgspec.structs.replace
    signed, kem, once = good.signed, good.kem, good.one_time
    lists: dict[str, tuple[str, Bundle, str]] = {
        "complete": ("ok", good, "With a one-time prekey."),
        "without-one-time": ("ok", bundle(owner, pairs, one_time=False), "The relay has none left."),
        "other-certificate": ("prekey.invalid", bundle(other, others), "Valid, but of another device."),
        "signed-of-another": (
            "prekey.invalid",
            changed(good, signed=encode(others.signed.prekey)),
            "Another device's.",
        ),
        "kem-of-another": ("prekey.invalid", changed(good, kem=encode(others.kem.prekey)), "Another device's."),
        "one-time-of-another": (
            "prekey.invalid",
            changed(good, one_time=encode(others.one_time.prekey)),
            "Another device's.",
        ),
        "one-time-as-signed": ("prekey.invalid", changed(good, signed=once or b""), "A kind in the wrong place."),
        "signed-as-one-time": ("prekey.invalid", changed(good, one_time=signed), "A kind in the wrong place."),
        "kem-as-signed": ("prekey.invalid", changed(good, signed=kem), "A kind in the wrong place."),
        "expired": ("prekey.expired", good, "Fifteen days later."),
    }
    for name, (code, value, comment) in lists.items():
        now = {"now": NOW + 15 * DAY} if name == "expired" else {}
        yield (
            "prekey-bundle",
            name,
            fault(code, comment, **{**common, **now}, bundle=encode(value)),
        )


# Merkle tree


def _merkle() -> Iterator[Case]:
    leaves = [bytes([i]) * i for i in range(9)]
    hashes = [merkle.leaf_hash(leaf) for leaf in leaves]
    for size in range(10):
        yield (
            "merkle",
            f"root-of-{size}",
            ok(
                "The root of the first leaves.",
                leaves=list(leaves[:size]),
                root=merkle.root(hashes[:size]),
            ),
        )
    for index, size in ((0, 1), (0, 9), (4, 7), (6, 7), (8, 9)):
        path = merkle.inclusion_path(hashes[:size], index)
        yield "merkle", f"inclusion-{index}-of-{size}", ok("A path.", **_inclusion(hashes, index, size, path))
    path = merkle.inclusion_path(hashes[:7], 4)
    for name, comment, index, size, bad in (
        ("inclusion-other-index", "The path of another leaf.", 5, 7, path),
        ("inclusion-outside", "An index beyond the tree.", 7, 7, path),
        ("inclusion-too-long", "One hash too many.", 4, 7, [*path, path[0]]),
        ("inclusion-too-short", "One hash is missing.", 4, 7, path[:-1]),
        ("inclusion-flipped", "One bit is changed.", 4, 7, [flip(path[0]), *path[1:]]),
    ):
        yield "merkle", name, fault("proof.invalid", comment, **_inclusion(hashes, index, size, bad, root_size=7))
    yield from _consistency(hashes)


def _inclusion(hashes: list[bytes], index: int, size: int, path: list[bytes], root_size: int | None = None) -> Fields:
    root = merkle.root(hashes[: root_size or size])
    leaf = hashes[min(index, 4) if root_size else index]
    return {"leaf_hash": leaf, "index": index, "size": size, "path": list(path), "root": root}


def _consistency(hashes: list[bytes]) -> Iterator[Case]:
    def fields(old: int, size: int, proof: list[bytes], **more: object) -> Fields:
        roots = {"old_root": merkle.root(hashes[:old]), "root": merkle.root(hashes[:size])}
        return {"old_size": old, "size": size, **roots, "proof": list(proof), **more}

    for old, size in ((0, 5), (1, 9), (3, 7), (4, 7), (6, 7), (7, 7), (8, 9)):
        proof = merkle.consistency_proof(hashes[:size], old)
        yield (
            "merkle",
            f"consistency-{old}-to-{size}",
            ok("The larger tree extends the smaller.", **fields(old, size, proof)),
        )
    proof = merkle.consistency_proof(hashes[:7], 3)
    wrong = merkle.root(hashes[1:4])
    for name, comment, bad in (
        ("consistency-forked", "The old root is of other leaves.", fields(3, 7, proof, old_root=wrong)),
        ("consistency-new-root", "The new root is of other leaves.", fields(3, 7, proof, root=wrong)),
        ("consistency-shrunk", "The new tree is smaller.", {**fields(7, 3, []), "proof": list(proof)}),
        ("consistency-too-long", "One hash too many.", fields(3, 7, [*proof, proof[0]])),
        ("consistency-too-short", "One hash is missing.", fields(3, 7, proof[:-1])),
        ("consistency-flipped", "One bit is changed.", fields(3, 7, [flip(proof[0]), *proof[1:]])),
        ("consistency-not-needed", "A proof where sizes are equal.", fields(7, 7, proof)),
        ("consistency-same-size", "The same size and another root.", fields(7, 7, [], old_root=wrong)),
    ):
        yield "merkle", name, fault("proof.invalid", comment, **bad)
