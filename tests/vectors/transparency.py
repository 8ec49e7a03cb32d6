"""Vectors of notes, the clinic log, freshness, audit logs and bundles: docs/protocol.md sections 14, 15 and 17.1.

Bytes are hex. `expect` is "ok" or the code of section 19 that a reader must answer with.
"""

import string
from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from agent_app.engine.words import eff_long
from agent_app.protocol import primitives
from agent_app.protocol.encoding import encode
from agent_app.protocol.keys import ClinicId
from agent_app.transparency import audit, checkpoint, enrolment, fingerprint, freshness, note, page_config, statement
from agent_app.transparency.log import ClinicLog
from agent_app.transparency.note import KeyType, Note, NoteKey
from agent_app.transparency.opening_hours import WallTime, standing, wall_time
from agent_app.transparency.roster import Roster
from agent_app.transparency.statement import Hours, Span
from tests.transparency import evidence, histories
from tests.transparency.clinic import HOUR, START, Clinic, Stream, secret
from tests.transparency.notes import FAULTY_NOTES, KEYS, NOTE, PETER_KEY, PETER_NOTE

Fields = dict[str, Any]
Case = tuple[str, str, Fields]


def cases() -> Iterator[Case]:
    """(topic, name, fields), in a fixed order; the same bytes on every run."""
    yield from _notes()
    yield from _checkpoints()
    yield from _rosters()
    yield from _opening_hours()
    yield from _heads()
    yield from _freshness()
    yield from _people()
    yield from _audits()
    yield from _pages()
    yield from _bundles()


def _key(key: NoteKey) -> Fields:
    return {"name": key.name, "public": key.public.hex(), "type": int(key.type), "id": key.id.hex()}


def _notes() -> Iterator[Case]:
    def case(name: str, comment: str, text: str, keys: list[NoteKey], expect: str = "ok", **more: object) -> Case:
        fields = {"comment": comment, "expect": expect, "note": text, "keys": [_key(key) for key in keys]}
        return "note", name, {**fields, **more}

    yield case(
        "published", "The example of Go's note package.", PETER_NOTE, [PETER_KEY], verified=[_line(PETER_KEY, None)]
    )
    lines = [_line(line.key, line.time) for line in note.parse(NOTE).verify(KEYS)]
    yield case("several", "A signature, two cosignatures, a stranger's.", NOTE, KEYS, verified=lines)
    yield case("strangers", "Nobody known signed: no error, and no proof.", NOTE, [PETER_KEY], verified=[])
    for name, (comment, text) in FAULTY_NOTES.items():
        yield case(name, comment, text, KEYS, "note.invalid")


def _line(key: NoteKey, time: int | None) -> Fields:
    return {"name": key.name, "time": time}


def _checkpoints() -> Iterator[Case]:
    root, origin = secret("root"), "sealdesk/clinic/" + secret("clinic").hex()
    text = checkpoint.Checkpoint(origin, 7, root).text

    def case(name: str, comment: str, body: str, expect: str = "note.invalid") -> Case:
        fields = {"comment": comment, "expect": expect, "text": body, "origin": origin}
        return "checkpoint", name, {**fields, "size": 7, "root": root.hex()} if expect == "ok" else fields

    yield case("good", "Origin, size, root.", text, "ok")
    yield case("origin", "Another log.", text.replace("clinic/", "audit/"))
    yield case("zeros", "A size with a leading zero.", text.replace("\n7\n", "\n07\n"))
    yield case("negative", "A size below zero.", text.replace("\n7\n", "\n-7\n"))
    yield case("huge", "A size of 17 digits.", text.replace("\n7\n", "\n10000000000000000\n"))
    yield case("extension", "A line that no monitor could audit.", text + "more\n")
    yield case("short-root", "A root of 31 bytes.", checkpoint.Checkpoint(origin, 7, root[:31]).text)
    yield case("no-newline", "The last line does not end.", text[:-1])
    seed = secret("witness")
    for name, time in (("cosignature", START), ("cosignature-floor", START + 999)):
        line = note.cosign(text, checkpoint.WITNESS_NAME, seed, time)
        key = _key(NoteKey(line.name, primitives.signing_public(seed), KeyType.COSIGNATURE))
        fields = {
            "comment": "Whole seconds.",
            "expect": "ok",
            "text": text,
            "seed": seed.hex(),
            "now": time,
            "key": key,
        }
        yield "cosignature", name, {**fields, "line": line.line}


def _rosters() -> Iterator[Case]:
    for history in (*histories.sound(), *histories.faulty()):
        fields = {"comment": history.comment, "expect": history.expect}
        fields["statements"] = [raw.hex() for raw in history.statements]
        if history.expect == "ok":
            log = ClinicLog.replay(history.statements)
            fields["roots"] = [log.root_at(size).hex() for size in range(log.size + 1)]
            fields["roster"] = _roster(log.roster)
        yield "roster", history.name, fields


def _roster(roster: Roster) -> Fields:
    """What a replay must come to. `roles` of a member: its role under heads of size 0 to `size`, null when none."""
    members = [
        {
            "device": member.id.hex(),
            "mailbox": member.certificate.mailbox.hex(),
            "person": member.person.hex(),
            "active": member.active,
            "roles": [member.role_at(size) for size in range(roster.size + 1)],
        }
        for member in roster.members.values()
    ]
    told = {} if roster.hours is None else {"hours": msgspec.to_builtins(roster.hours)[1:]}
    return {
        **told,
        "clinic": roster.clinic.hex(),
        "size": roster.size,
        "name": roster.name,
        "time_zone": roster.time_zone,
        "administrators": [a.key.hex() for a in roster.administrators],
        "threshold": roster.threshold,
        "relay": [roster.relay.key.hex(), roster.relay.origin],
        "policy": msgspec.to_builtins(roster.policy),
        "members": members,
        "teams": {team.hex(): [member.id.hex() for member in roster.team(team)] for team in roster.teams},
        "cosigners": {key.hex(): person.hex() for key, person in sorted(roster.cosigners().items())},
    }


def _opening_hours() -> Iterator[Case]:
    # Day 20,811 is Thursday, 2026-12-24.
    night = Hours("UTC", ((Span(1_320, 1_440),), *((Span(0, 360), Span(1_320, 1_440)),) * 5, (Span(0, 360),)), ())
    always = Hours("UTC", ((Span(0, 1_440),),) * 7, ())
    never = Hours("UTC", ((),) * 7, ())
    week = {
        "week": ("Two days closed after Thursday; then a short Saturday has passed.", histories.HOURS),
        "night": ("Open through midnight.", night),
        "always": ("Always open: no end in sight.", always),
        "never": ("Never open.", never),
    }
    for name, (comment, hours) in week.items():
        rows = []
        for day, minute in (
            (20_811, 0),
            (20_811, 479),
            (20_811, 480),
            (20_811, 719),
            (20_811, 720),
            (20_811, 1_019),
            (20_811, 1_020),
            (20_811, 1_320),
            (20_812, 600),
            (20_814, 200),
            (20_814, 1_439),
            (20_815, 0),
        ):
            found = standing(hours, WallTime(day, minute))
            until = None if found.until is None else [found.until.day, found.until.minute]
            rows.append({"day": day, "minute": minute, "open": found.is_open, "until": until})
        fields = {"comment": comment, "expect": "ok", "hours": msgspec.to_builtins(hours)[1:], "rows": rows}
        yield "opening-hours", name, fields
    # The hours that summer time takes and gives, on both halves of the earth, and a zone of three quarters of an hour.
    for name, zone in {"denver": "America/Denver", "sydney": "Australia/Sydney", "chatham": "Pacific/Chatham"}.items():
        times = [START + step * 31 * HOUR + 29 * 60_000 for step in range(300)]
        seen = [(now, wall_time(zone, now)) for now in times]
        rows = [{"now": now, "day": there.day, "minute": there.minute} for now, there in seen if there is not None]
        yield (
            "wall-time",
            name,
            {"comment": "A year in steps of 31 hours.", "expect": "ok", "time_zone": zone, "rows": rows},
        )


def _heads() -> Iterator[Case]:
    log = histories.small().log
    own = {"statements": [raw.hex() for raw in log.statements]}
    heads = {
        "same": ("Our own head.", log.size, log.head.root, "ok", "ok"),
        "past": (
            "Fine in a message, a rollback from the relay.",
            2,
            log.root_at(2),
            "ok",
            "log.rolled-back",
        ),
        "ahead": ("More than we hold.", log.size + 1, secret("root"), "log.stale", "log.stale"),
        "forked": ("Another root at our size.", log.size, secret("root"), "log.forked", "log.forked"),
        "forked-past": ("Another root at a past size.", 2, secret("root"), "log.forked", "log.rolled-back"),
        "nothing": ("A head of no log.", 0, log.root_at(0), "log.forked", "log.rolled-back"),
    }
    for name, (comment, size, root, message, relay) in heads.items():
        fields = {"comment": comment, "expect_message": message, "expect_relay": relay}
        yield "head", name, {**fields, **own, "size": size, "root": root.hex()}


def _freshness() -> Iterator[Case]:
    clinic = histories.small()
    ada, sam = clinic.admins[0].cosigning, clinic.device("Sam", cosigning=True).keys.cosigning

    def case(name: str, comment: str, notes: list[Note], now: int, expect: str = "ok") -> Case:
        fields: Fields = {
            "comment": comment,
            "expect": expect,
            "now": now,
            "notes": [signed.format() for signed in notes],
        }
        fields["statements"] = [raw.hex() for raw in clinic.log.statements]
        fields["bounds"] = {"warn": 48 * HOUR, "stop": 72 * HOUR}
        if expect == "ok":
            judged = freshness.judge(clinic.log, notes, now, freshness.desk(clinic.policy))
            fields |= {"time": judged.time, "state": judged.state.value}
        return "freshness", name, fields

    both = clinic.cosigned((ada, START), (sam, START + HOUR))
    yield case("fresh", "Two persons; the older of the two counts.", [both], START + 48 * HOUR - 1)
    yield case("warn", "The age is reached.", [both], START + 48 * HOUR)
    yield case("stop", "The age is reached.", [both], START + 72 * HOUR)
    yield case("one-person", "Two are needed where there are two.", [clinic.cosigned((ada, START))], START)
    again = [clinic.cosigned((ada, START)), clinic.cosigned((ada, START + HOUR))]
    yield case("one-person-twice", "One person twice is one.", again, START + HOUR)
    split = [clinic.cosigned((ada, START)), clinic.cosigned((sam, START + HOUR))]
    yield case("two-notes", "Two notes of one head.", split, START + HOUR)
    yield case("relay-only", "Nobody vouches but the relay.", [clinic.head_note()], START)
    late = clinic.cosigned((ada, START + 600_000), (sam, START))
    yield case("clock-edge", "Ten minutes ahead.", [late], START)
    late = clinic.cosigned((ada, START + 601_000), (sam, START))
    yield case("clock-ahead", "More than ten minutes ahead is ignored.", [late], START)
    bea = clinic.device("Bea")
    clinic.set_role(bea, "auditor")
    yield case("older-head", "A head that the log has outgrown.", [both], START + HOUR)
    fork = note.cosign(checkpoint.Checkpoint(clinic.log.checkpoint.origin, 2, secret("root")).text, "x", ada, START)
    forked = Note(checkpoint.Checkpoint(clinic.log.checkpoint.origin, 2, secret("root")).text, (fork,))
    yield case("not-ours", "A head that the log never had.", [forked], START, "note.invalid")
    clinic.revoke(clinic.device("Sam", cosigning=True))
    yield case("one-left", "The supervisor was revoked: one person is left, and is enough.", [both], START + HOUR)


def _people() -> Iterator[Case]:
    clinic = Clinic()
    device = clinic.device("Bea")
    request = encode(clinic.request(device, "Beatriz Núñez"))
    words = " ".join(enrolment.words(request, eff_long()))
    yield (
        "enrolment",
        "request",
        {
            "comment": "Six words of the EFF long list.",
            "expect": "ok",
            "request": request.hex(),
            "words": words,
            "commitment": enrolment.name_commitment("Beatriz Núñez", enrolment.parse(request).salt).hex(),
        },
    )
    place = enrolment.waiting(clinic.log.clinic, words.split())
    yield (
        "enrolment-waiting",
        "request",
        {
            "comment": "Where that request waits at the relay, and what waits there.",
            "expect": "ok",
            "request": request.hex(),
            "clinic": clinic.log.clinic.hex(),
            "words": words,
            "ticket": place.ticket.hex(),
            "key": place.key.hex(),
            "sealed": place.seal(request, secret("nonce")[:24]).hex(),
        },
    )
    charter = statement.parse(clinic.charter())
    yield (
        "fingerprint",
        "clinic",
        {
            "comment": "The charter's hash, and its first 25 bytes as people compare them.",
            "expect": "ok",
            "payload": charter.payload_bytes.hex(),
            "clinic": clinic.log.clinic.hex(),
            "text": fingerprint.to_text(clinic.log.clinic),
        },
    )


def _audits() -> Iterator[Case]:
    clinic = histories.small()
    device = clinic.device("Bea")
    log, random = audit.AuditLog(device.device), Stream("audit")
    leaves: list[bytes] = []
    keys: list[str] = []
    entries: list[Fields] = []
    for epoch in range(2):
        key = secret(f"epoch {epoch}")
        keys.append(key.hex())
        recipient = clinic.log.roster.audit_recipient
        leaves.append(log.key_leaf(recipient, key, random, random.encapsulate))
        log.append(leaves[-1])
        for kind in ("unlock", "view", "lock"):
            entry = audit.Entry(
                START + log.size, kind, secret("conversation") if kind == "view" else b"", ("argument",)
            )
            entries.append(_entry(log.size, entry))
            leaves.append(log.entry_leaf(key, entry, random))
            log.append(leaves[-1])
    base = {
        "device": device.device.hex(),
        "recipient": {"x25519": clinic.auditor.x25519.hex(), "ml_kem": clinic.auditor.ml_kem.hex()},
    }
    yield (
        "audit",
        "two-epochs",
        {
            "comment": "Two unlocks, three entries each.",
            "expect": "ok",
            **base,
            "leaves": [leaf.hex() for leaf in leaves],
            "keys": keys,
            "random": random.drawn.hex(),
            "entries": entries,
            "roots": [log.checkpoint_at(size).root.hex() for size in range(log.size + 1)],
            "consistency": {"old": 3, "new": log.size, "proof": [h.hex() for h in log.consistency(3, log.size)]},
            "checkpoint": log.signed_checkpoint(device.keys.signing).format(),
            "request": log.witness_request(3, log.signed_checkpoint(device.keys.signing)),
        },
    )


def _entry(index: int, entry: audit.Entry) -> Fields:
    return {
        "index": index,
        "time": entry.time,
        "kind": entry.kind,
        "conversation": entry.conversation.hex(),
        "arguments": list(entry.arguments),
    }


def _pages() -> Iterator[Case]:
    clinic = Clinic()
    ada = clinic.admins[0].key
    good = page_config.build(clinic.log.clinic, "https://relay.example", "Mo-Fr 8-17", "+1 303 555 0100", START, ada)
    eve = page_config.build(clinic.log.clinic, "https://relay.example", "", "", START, secret("eve"))
    other = page_config.build(ClinicId(secret("clinic")), "https://relay.example", "", "", START, ada)
    tampered = {**msgspec.json.decode(good), "signature": "A" * 86 + "=="}
    fields = msgspec.json.decode(good)
    letters = string.ascii_uppercase + string.ascii_lowercase + string.digits + "+/"

    def spelt(name: str, spelling: Callable[[str], str]) -> bytes:
        return msgspec.json.encode({**fields, name: spelling(fields[name])})

    def loose(text: str) -> str:
        """The same bytes: of the last letter the unused bits are set."""
        return text[:-3] + letters[letters.index(text[-3]) + 1] + "=="

    files = {
        "good": ("Signed by an administrator.", good, "ok"),
        "stranger": ("Signed by nobody who is an administrator.", eve, "statement.refused"),
        "clinic": ("Of another clinic.", other, "statement.refused"),
        "signature": ("A signature that does not verify.", msgspec.json.encode(tampered), "statement.invalid"),
        "loose-bits": ("Bits that no byte needs.", spelt("signature", loose), "encoding.not-canonical"),
        "unpadded": ("No padding.", spelt("signature", lambda text: text[:-2]), "encoding.malformed"),
        "hex-upper": ("Upper-case hex.", spelt("administrator", str.upper), "encoding.malformed"),
        "hex-spaced": ("Hex in pairs.", spelt("administrator", lambda t: t[:2] + " " + t[2:]), "encoding.malformed"),
        "json": ("Not JSON.", good[:-3], "encoding.malformed"),
        "more": ("A member that nobody has defined.", good[:-2] + b',"more":1}', "encoding.malformed"),
    }
    for name, (comment, raw, expect) in files.items():
        fields = {"comment": comment, "expect": expect, "file": raw.decode(), "charter": clinic.log.statements[0].hex()}
        if expect == "ok":
            config = page_config.verify(raw, clinic.log.roster)
            fields |= {"origin": config.origin, "hours": config.hours, "phone": config.phone, "time": config.time}
        yield "page-config", name, fields


def _bundles() -> Iterator[Case]:
    scene, raw = evidence.conversation()

    def case(name: str, comment: str, data: bytes, **more: object) -> Case:
        fields = {"comment": comment, "clinic": scene.clinic.log.clinic.hex(), "bundle": data.hex()}
        return "bundle", name, {**fields, **more}

    counts = {"messages": len(scene.sent), "retracted": 1, "entries": 5, "opened": 3}
    yield case("conversation", "A conversation with receipts and two audit logs.", raw, expect="ok", **counts)
    chosen = {"cut-log", "view-removed", "rewritten", "words", "omitted", "accepted-path", "invented", "receipt-chain"}
    for forgery in evidence.forgeries():
        if forgery.name in chosen:
            yield case(forgery.name, forgery.comment, forgery.raw, expect="bundle.invalid", check=forgery.check)
