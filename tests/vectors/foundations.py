"""Vectors of keys, certificates, prekeys and the Merkle tree: docs/protocol.md, sections 1, 3, 4 and 13.2."""

from collections.abc import Iterator

import msgspec

from agent_app.protocol import merkle, primitives
from agent_app.protocol.encoding import encode
from agent_app.protocol.keys import Core, SignedCore
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
    field_list,
    flip,
    ok,
    pair_fields,
    prekeys,
)

P = 2**255 - 19
NOT_CANONICAL = (P + 9).to_bytes(32, "little")


def cases() -> Iterator[Case]:
    yield from _keys()
    yield from _certificate()
    yield from _prekey()
    yield from _bundle()
    yield from _merkle()


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
            fields=field_list((message,)),
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
            fault("invalid", comment, public=public, label=Label.CONTENT, fields=field_list((message,)), signature=bad),
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
        "certificate-swapped": (
            "prekey.invalid",
            changed(good, certificate=other.certificate.encoded),
            "The right prekeys beside another certificate.",
        ),
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
    yield (
        "merkle",
        "inclusion-beside-one",
        fault(
            "proof.invalid",
            "Index 1 of one leaf: an empty path shows any index, unless it is bounded.",
            **{**_inclusion(hashes, 0, 1, []), "index": 1},
        ),
    )
    deeper = {"leaf_hash": hashes[1], "index": 0, "size": 1, "path": hashes[:1], "root": merkle.root(hashes[:2])}
    yield (
        "merkle",
        "inclusion-deeper",
        fault("proof.invalid", "The second leaf of two, shown as the only one.", **deeper),
    )
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
    wrong, two = merkle.root(hashes[1:4]), merkle.root(hashes[:2])
    for name, comment, bad in (
        ("consistency-forked", "The old root is of other leaves.", fields(3, 7, proof, old_root=wrong)),
        ("consistency-new-root", "The new root is of other leaves.", fields(3, 7, proof, root=wrong)),
        ("consistency-shrunk", "The new tree is smaller.", {**fields(7, 3, []), "proof": list(proof)}),
        ("consistency-too-long", "One hash too many.", fields(3, 7, [*proof, proof[0]])),
        ("consistency-too-short", "One hash is missing.", fields(3, 7, proof[:-1])),
        ("consistency-flipped", "One bit is changed.", fields(3, 7, [flip(proof[0]), *proof[1:]])),
        ("consistency-not-needed", "A proof where sizes are equal.", fields(7, 7, proof)),
        ("consistency-empty", "No proof where one is needed.", fields(3, 7, [])),
        ("consistency-smaller", "One leaf after two, with the same root.", fields(2, 1, [], root=two, old_root=two)),
        ("consistency-larger", "Four leaves after two, with the same root.", fields(2, 4, [], root=two, old_root=two)),
        (
            "consistency-deeper",
            "Four leaves, shown as two.",
            fields(1, 2, [hashes[1], merkle.root(hashes[2:4])], root=merkle.root(hashes[:4])),
        ),
        ("consistency-same-size", "The same size and another root.", fields(7, 7, [], old_root=wrong)),
    ):
        yield "merkle", name, fault("proof.invalid", comment, **bad)
