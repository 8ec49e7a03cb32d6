"""Vectors of files and receipts: docs/protocol.md, sections 12 and 13."""

from collections.abc import Iterator

import msgspec
from nacl import bindings as sodium

from agent_app.protocol import attachment, merkle, primitives
from agent_app.protocol.attachment import CHUNK, HEADER, OVERHEAD, padded_length
from agent_app.protocol.encoding import encode
from agent_app.protocol.keys import DeliveryHash, EnvelopeId
from agent_app.protocol.labels import Label
from agent_app.protocol.receipt import Accepted, Receipt, ReceiptChain, delivery_hash
from tests.vectors.material import NOW, Case, Fields, Randomness, device, fault, flip, ok

FINAL = sodium.crypto_secretstream_xchacha20poly1305_TAG_FINAL


def cases() -> Iterator[Case]:
    yield from _padme()
    yield from _attachments()
    yield from _delivery_hashes()
    yield from _accepted()
    yield from _receipts()


def _padme() -> Iterator[Case]:
    lengths = [0, 1, 2, 3, 7, 8, 9, 15, 16, 17, 100, 255, 256, 257, 1000, 65_535, 65_536, 65_537, 1_000_000, 26_214_401]
    rows = [[length, attachment.padme(length)] for length in lengths]
    yield "padme", "table", ok("Length, padded length.", rows=rows)


# Files


def pattern(length: int) -> bytes:
    """What the larger vectors seal: 0, 1, ... 250, 0, 1, ..."""
    return bytes(i % 251 for i in range(length))


def _attachments() -> Iterator[Case]:
    for name, size, comment in (
        ("empty", 0, "No byte: one chunk that holds 0x80."),
        ("small", 100, "One chunk."),
        ("one-chunk", 65_535, "With 0x80 exactly one chunk, which is final."),
        ("two-chunks", 65_536, "One byte more makes two chunks."),
    ):
        sealed = attachment.seal_file(pattern(size), Randomness(f"attachment/{name}"))
        yield "attachment", name, ok(comment, **_sealed(sealed), header=sealed.blob[:HEADER], blob=sealed.blob)
    small = attachment.seal_file(pattern(100), Randomness("attachment/faults"))
    large = attachment.seal_file(pattern(65_600), Randomness("attachment/large-faults"))
    padded = pattern(100) + b"\x80" + bytes(padded_length(100) - 101)
    cut = HEADER + CHUNK + OVERHEAD
    for name, comment, sealed, blob, changed in (
        ("truncated", "The last byte is missing.", small, small.blob[:-1], {}),
        ("trailing", "One byte too many.", small, small.blob + b"\x00", {}),
        ("flipped", "One bit is changed.", small, flip(small.blob), {}),
        ("header-flipped", "One bit of the header is changed.", small, flip(small.blob, 0), {}),
        ("header-only", "No chunk.", small, small.blob[:HEADER], {}),
        ("nothing", "No byte.", small, b"", {}),
        ("not-final", "The last chunk bears no final tag.", small, _seal(small, [(padded, 0)]), {}),
        ("chunk-missing", "Only the first of two chunks.", large, large.blob[:cut], {}),
        (
            "chunks-swapped",
            "The second chunk before the first.",
            large,
            large.blob[:HEADER] + large.blob[cut:] + large.blob[HEADER:cut],
            {},
        ),
        ("final-early", "The first of two chunks bears the final tag.", large, _early(large), {}),
        (
            "chunks-uneven",
            "A first chunk of another length.",
            small,
            _seal(small, [(padded[:50], 0), (padded[50:], FINAL)]),
            {},
        ),
        ("size-other", "The event says a byte less.", small, small.blob, {"size": 99}),
        ("size-far", "The event says another padded length.", small, small.blob, {"size": 5000}),
        ("padding", "A byte of the padding is not zero.", small, _seal(small, [(padded[:-1] + b"\x01", FINAL)]), {}),
        ("marker", "0x80 is missing.", small, _seal(small, [(padded[:100] + bytes(len(padded) - 100), FINAL)]), {}),
        ("file-hash", "The event names another hash.", small, small.blob, {"file_hash": bytes(32)}),
        ("key", "The event names another key.", small, small.blob, {"key": bytes(32)}),
    ):
        fields = {**_sealed(sealed), **changed, "blob_hash": attachment.blob_id(blob)}
        yield "attachment", name, fault("attachment.damaged", comment, **fields, blob=blob)
    other = {**_sealed(small), "blob_hash": bytes(32)}
    yield (
        "attachment",
        "blob-hash",
        fault("attachment.damaged", "The blob is another than the event's.", **other, blob=small.blob),
    )


def _sealed(sealed: attachment.SealedFile) -> Fields:
    """What an event says. The plaintext is `pattern(size)`."""
    file = sealed.event("", "")
    secrets = {"read_secret": file.read_secret, "delete_secret": file.delete_secret}
    hashes = {
        "read_hash": attachment.read_hash(file.read_secret),
        "delete_hash": attachment.delete_hash(file.delete_secret),
    }
    return {
        "size": file.size,
        "file_hash": file.file_hash,
        "key": file.key,
        "blob_hash": file.blob,
        **secrets,
        **hashes,
    }


def _seal(sealed: attachment.SealedFile, chunks: list[tuple[bytes, int]]) -> bytes:
    """A blob with these chunks and tags, under the file's key."""
    header = sealed.blob[:HEADER]
    state = attachment._stream(sealed.key, header)
    push = sodium.crypto_secretstream_xchacha20poly1305_push
    return header + b"".join(push(state, chunk, None, tag) for chunk, tag in chunks)


def _early(sealed: attachment.SealedFile) -> bytes:
    padded = pattern(65_600) + b"\x80" + bytes(padded_length(65_600) - 65_601)
    return _seal(sealed, [(padded[:CHUNK], FINAL), (padded[CHUNK:], FINAL)])


# Receipts


def _delivery() -> Fields:
    random = Randomness("delivery")
    sender, recipient = device("alice"), device("bob")
    envelope, body, slot = EnvelopeId(random(16)), random(296), random(308)
    return {"sender": sender.mailbox, "recipient": recipient.mailbox, "envelope": envelope, "body": body, "slot": slot}


def _delivery_hashes() -> Iterator[Case]:
    fields = _delivery()
    hashes = {
        "body_hash": primitives.labelled_hash(Label.BODY, fields["body"]),
        "slot_hash": primitives.labelled_hash(Label.SLOT, fields["slot"]),
    }
    yield (
        "delivery-hash",
        "valid",
        ok("Of one slot of one envelope.", **fields, **hashes, delivery=delivery_hash(*fields.values())),
    )


def accept(relay_seed: bytes, deliveries: list[DeliveryHash], time: int) -> list[Accepted]:
    """The relay's side: one signature for a whole commit."""
    leaves = [merkle.leaf_hash(delivery) for delivery in deliveries]
    root = merkle.root(leaves)
    signature = primitives.sign(relay_seed, Label.ACCEPTED, root, len(leaves), time)
    paths = [tuple(merkle.inclusion_path(leaves, index)) for index in range(len(leaves))]
    return [Accepted(root, len(leaves), time, signature, index, path) for index, path in enumerate(paths)]


def _accepted() -> Iterator[Case]:
    random = Randomness("accepted")
    seed = random(32)
    relay = primitives.signing_public(seed)
    deliveries = [DeliveryHash(random(32)) for _ in range(5)]
    receipts = accept(seed, deliveries, NOW)
    for index in (0, 4):
        yield (
            "accepted",
            f"index-{index}",
            ok(
                "One of five.",
                relay=relay,
                relay_seed=seed,
                deliveries=deliveries,
                delivery=deliveries[index],
                receipt=encode(receipts[index]),
            ),
        )
    alone = accept(seed, deliveries[:1], NOW)[0]
    yield (
        "accepted",
        "alone",
        ok(
            "One of one: an empty path.",
            relay=relay,
            relay_seed=seed,
            deliveries=deliveries[:1],
            delivery=deliveries[0],
            receipt=encode(alone),
        ),
    )
    good, change = receipts[2], msgspec.structs.replace
    for name, comment, bad, delivery in (
        ("other-delivery", "Of another delivery.", good, deliveries[3]),
        ("signature-flipped", "One bit is changed.", change(good, signature=flip(good.signature)), deliveries[2]),
        ("other-time", "The time is not the signed one.", change(good, time=NOW + 1), deliveries[2]),
        ("other-count", "The count is not the signed one.", change(good, count=6), deliveries[2]),
        ("other-index", "Another index.", change(good, index=3), deliveries[2]),
        ("path-flipped", "One bit is changed.", change(good, path=(flip(good.path[0]), *good.path[1:])), deliveries[2]),
        ("path-short", "A hash is missing.", change(good, path=good.path[:-1]), deliveries[2]),
        ("other-root", "A root that was not signed.", change(alone, signature=good.signature), deliveries[0]),
    ):
        yield "accepted", name, fault("receipt.invalid", comment, relay=relay, delivery=delivery, receipt=encode(bad))


def _receipts() -> Iterator[Case]:
    random = Randomness("receipts")
    sender, recipient, other = device("alice"), device("bob"), device("mallory")
    seed, chain = recipient.keys.mailbox, ReceiptChain()
    deliveries = [DeliveryHash(random(32)) for _ in range(3)]
    issued: list[Receipt] = []
    for delivery, reason in zip(deliveries, ("", "no-session", ""), strict=True):
        chain, receipt = chain.issue(seed, sender.mailbox, delivery, NOW, reason)  # type: ignore[arg-type]
        issued.append(receipt)
    pair = {"recipient": recipient.mailbox, "sender": sender.mailbox}
    inputs = {"mailbox_seed": seed, "deliveries": deliveries, "reasons": ["", "no-session", ""], "time": NOW}
    yield (
        "receipt",
        "chain",
        ok("Delivered, rejected, delivered.", **pair, **inputs, receipts=[encode(r) for r in issued]),
    )

    array = msgspec.msgpack.decode(issued[0].payload)

    def signed(payload: bytes, by: bytes = seed) -> Receipt:
        return Receipt(payload, primitives.sign(by, Label.RECEIPT, payload))

    first = issued[0]
    invalid, malformed = "receipt.invalid", "encoding.malformed"
    _, restarted = ReceiptChain().issue(seed, sender.mailbox, deliveries[1], NOW)
    _, elsewhere = ReceiptChain(1, bytes(32)).issue(seed, sender.mailbox, deliveries[1], NOW)
    for name, code, comment, receipts in (
        ("signature-flipped", invalid, "One bit is changed.", [Receipt(first.payload, flip(first.signature))]),
        ("signed-by-another", invalid, "Signed by another mailbox.", [signed(first.payload, other.keys.mailbox)]),
        (
            "other-recipient",
            invalid,
            "Names another recipient.",
            [signed(encode([*array[:2], other.mailbox, *array[3:]]))],
        ),
        ("other-sender", invalid, "For another sender.", [signed(encode([*array[:3], other.mailbox, *array[4:]]))]),
        ("hole", invalid, "The second is missing.", [first, issued[2]]),
        ("repeated", invalid, "The first again, as the second.", [first, first]),
        ("restarted", invalid, "The second says that it is the first.", [first, restarted]),
        ("forked", invalid, "The second continues another first.", [first, elsewhere]),
        (
            "reason-with-delivered",
            malformed,
            "Delivered, with a reason.",
            [signed(encode([array[0], "replayed", *array[2:]]))],
        ),
        ("rejected-without-reason", malformed, "Rejected, without.", [signed(encode(["rejected", *array[1:]]))]),
        ("status", malformed, "A status that does not exist.", [signed(encode(["read", *array[1:]]))]),
        ("reason", malformed, "A reason that does not exist.", [signed(encode(["rejected", "busy", *array[2:]]))]),
        (
            "first-with-previous",
            malformed,
            "Nothing is before the first.",
            [signed(encode([*array[:6], bytes(32), array[7]]))],
        ),
        (
            "previous-short",
            malformed,
            "A hash of 16 bytes.",
            [signed(encode([*array[:5], 2, bytes(16), array[7]]))],
        ),
        (
            "sequence-zero",
            malformed,
            "Sequences begin with 1.",
            [signed(encode([*array[:5], 0, bytes(32), array[7]]))],
        ),
    ):
        yield "receipt", name, fault(code, comment, **pair, receipts=[encode(receipt) for receipt in receipts])
