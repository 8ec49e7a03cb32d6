"""Vectors of invitations, the patient check and safety numbers: docs/protocol.md, section 11."""

from collections.abc import Iterator

import msgspec

from agent_app.protocol import events as e
from agent_app.protocol import invitation as inv
from agent_app.protocol import limits, primitives
from agent_app.protocol.encoding import encode
from agent_app.protocol.keys import DeviceId, InvitationId, LocalDevice, Transcript
from agent_app.protocol.labels import Label
from agent_app.protocol.safety_number import safety_number
from tests.vectors.material import CLINIC, NOW, Case, Fields, Randomness, device, fault, flip, ok

CODE = "481526"
BIRTHDAY = e.Identifier("birth-date", "1980-02-29")
PHONE = e.Identifier("phone", "5550100")
HOUR = 3_600_000


def cases() -> Iterator[Case]:
    yield from _links()
    yield from _registrations()
    yield from _proofs()
    yield from _tries()
    yield from _safety_numbers()


def _link(name: str) -> inv.Link:
    return inv.Link(Randomness(f"invitation/{name}")(16), CLINIC)


def _links() -> Iterator[Case]:
    link = _link("link")
    keys, fragment = link.derive(), link.fragment()
    yield (
        "invitation-link",
        "valid",
        ok(
            "What stands behind # in the link, and what both sides derive from it.",
            secret=link.secret,
            clinic=CLINIC,
            fragment=fragment,
            invitation=keys.id,
            key=keys.key,
            token=keys.token,
            token_hash=keys.token_hash,
        ),
    )
    for name, comment, bad in (
        ("empty", "Nothing.", ""),
        ("short", "A character is missing.", fragment[:-1]),
        ("long", "Four characters more.", fragment + "AAAA"),
        ("version", "Another suite.", "Ag" + fragment[2:]),
        ("padded", "With base64's padding.", fragment + "=="),
        ("standard-alphabet", "+ where base64url has -.", fragment[:5] + "+" + fragment[6:]),
        (
            "loose-bits",
            "The last character's unused bits are set: another spelling.",
            fragment[:-1] + _next(fragment[-1]),
        ),
        ("space", "A space, as mail programs insert.", fragment[:20] + " " + fragment[20:]),
        ("not-ascii", "A letter that base64 does not have.", "é" + fragment[1:]),
    ):
        yield "invitation-link", name, fault("invitation.invalid", comment, fragment=bad)


def _next(character: str) -> str:
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return alphabet[alphabet.index(character) + 1]


def _registrations() -> Iterator[Case]:
    issuer, other = device("alice"), device("mallory")
    checkers = [issuer.device, device("bob").device, device("carol").device]
    link = _link("registration")
    signed = inv.register(issuer, link, checkers, NOW, NOW + limits.INVITATION_LIFE)
    registration = inv.read_registration(signed.registration)
    fields = {name: getattr(registration, name) for name in registration.__struct_fields__}
    common = {"issuer_certificate": issuer.certificate.encoded}
    yield (
        "registration",
        "valid",
        ok(
            "With three checkers, for 72 hours.",
            **common,
            secret=link.secret,
            issuer_signing_seed=issuer.keys.signing,
            now=registration.expires - 1,
            fields=fields,
            registration=signed.registration,
            signature=signed.signature,
        ),
    )

    at_the_end = {
        **common,
        "now": registration.expires,
        "registration": signed.registration,
        "signature": signed.signature,
    }
    yield "registration", "expired", fault("invitation.expired", "From `expires` on.", **at_the_end)
    array = msgspec.msgpack.decode(signed.registration)

    def resigned(data: bytes, by: LocalDevice = issuer) -> tuple[bytes, bytes]:
        return data, primitives.sign(by.keys.signing, Label.INVITATION, data)

    invalid, malformed = "invitation.invalid", "encoding.malformed"
    for name, code, comment, (data, signature) in (
        ("signature-flipped", invalid, "One bit is changed.", (signed.registration, flip(signed.signature))),
        ("signed-by-another", invalid, "Signed by another device.", resigned(signed.registration, other)),
        ("other-issuer", invalid, "Names another issuer.", resigned(encode([*array[:4], other.device, *array[5:]]))),
        ("other-clinic", invalid, "Of another clinic.", resigned(encode([array[0], bytes(32), *array[2:]]))),
        ("suite", "suite.unknown", "Another suite.", resigned(encode(["SD2", *array[1:]]))),
        ("no-checker", malformed, "Nobody to check.", resigned(encode([*array[:5], [], *array[6:]]))),
        (
            "four-checkers",
            malformed,
            "More than three.",
            resigned(encode([*array[:5], [*checkers, bytes(32)], *array[6:]])),
        ),
        (
            "checker-twice",
            malformed,
            "Would have four tries.",
            resigned(encode([*array[:5], [checkers[0]] * 2, *array[6:]])),
        ),
        ("too-long", malformed, "A millisecond more than 72 hours.", resigned(encode([*array[:7], array[7] + 1]))),
        ("expires-first", malformed, "Expires when it is created.", resigned(encode([*array[:7], array[6]]))),
    ):
        yield "registration", name, fault(code, comment, **common, now=NOW, registration=data, signature=signature)


def _proofs() -> Iterator[Case]:
    link = _link("proof")
    transcript = Transcript(Randomness("invitation-proof")(32))
    for name, code, identifiers, comment in (
        ("for-a-checker", CODE, (BIRTHDAY, PHONE), "With code and identifiers."),
        ("for-others", "", (), "Without."),
    ):
        proof = inv.Presentation(link.derive(), code, identifiers).prove(transcript)
        values = {
            "invitation": proof.invitation,
            "mac": proof.mac,
            "code": code,
            "identifiers": [[i.kind, i.value] for i in identifiers],
        }
        yield (
            "invitation-proof",
            name,
            ok(comment, secret=link.secret, clinic=CLINIC, transcript=transcript, **values, proof=encode(proof)),
        )


class TryScript:
    """One checker, and what patients present to it."""

    def __init__(
        self,
        name: str,
        comment: str,
        place: int = 0,
        code: str = CODE,
        identifiers: e.Identifiers = (BIRTHDAY,),
        count: int = 3,
    ) -> None:
        self.name, self.comment = name, comment
        self.random = Randomness(f"tries/{name}")
        self.link = inv.Link(self.random(16), CLINIC)
        self.issuer = device("alice")
        checkers = [self.issuer.device, device("bob").device, device("carol").device][:count]
        signed = inv.register(self.issuer, self.link, checkers, NOW, NOW + HOUR)
        self.invite = e.Invite(signed.registration, signed.signature, self.link.secret, code, identifiers, "Ada", "")
        self.own = checkers[place]
        self.checker = inv.Checker.begin(self.invite, self.issuer.certificate, self.own)
        self.patient = device("patient", "patient").device
        self.steps: list[Fields] = []

    def present(
        self,
        expect: str,
        code: str = CODE,
        identifiers: e.Identifiers = (BIRTHDAY,),
        transcript: Transcript | None = None,
        patient: DeviceId | None = None,
        time: int = NOW,
        flipped: bool = False,
        invitation: InvitationId | None = None,
    ) -> Transcript:
        transcript = transcript or Transcript(self.random(32))
        proof = inv.Presentation(self.link.derive(), code, identifiers).prove(transcript)
        if flipped:
            proof = msgspec.structs.replace(proof, mac=flip(proof.mac))
        if invitation:
            proof = msgspec.structs.replace(proof, invitation=invitation)
        self.checker, verdict = self.checker.judge(proof, transcript, patient or self.patient, time)
        outcome = "ignored" if verdict is None else f"{verdict.outcome} {verdict.level} {verdict.tries_left}"
        assert outcome == expect, (self.name, len(self.steps), outcome)
        self._step(
            "present",
            proof=encode(proof),
            transcript=transcript,
            patient=patient or self.patient,
            time=time,
            verdict=verdict and encode(verdict),
        )
        return transcript

    def cancel(self) -> None:
        self.checker = self.checker.cancel()
        self._step("cancel")

    def exhaust(self) -> None:
        self.checker = self.checker.exhaust()
        self._step("exhaust")

    def _step(self, do: str, **fields: object) -> None:
        after = {"tries_left": self.checker.tries_left, "state": self.checker.state}
        self.steps.append({"do": do, **fields, "after": after})

    def case(self) -> Case:
        start = {
            "invite": encode(self.invite),
            "issuer_certificate": self.issuer.certificate.encoded,
            "checker": self.own,
        }
        return "tries", self.name, ok(self.comment, **start, steps=self.steps)


def _tries() -> Iterator[Case]:
    run = TryScript(
        "passed", "The second try passes; later ones are refused, and the known transcript gets its answer."
    )
    run.present("wrong 0 2", code="000000")
    passed = run.present("passed 2 1")
    run.present("refused 0 0")
    run.present("passed 2 1", transcript=passed)
    yield run.case()

    run = TryScript("used-up", "Of three checkers the first has three tries.")
    first = run.present("wrong 0 2", code="000000")
    run.present("wrong 0 1", code="")
    run.present("wrong 0 2", code=CODE, transcript=first)
    run.present("wrong 0 0", identifiers=())
    run.present("refused 0 0")
    yield run.case()

    for place, name in ((1, "second-checker"), (2, "third-checker")):
        run = TryScript(name, "One try.", place)
        run.present("wrong 0 0", code="000000")
        run.present("refused 0 0")
        yield run.case()

    for count, tries in ((1, 5), (2, 4)):
        run = TryScript(
            f"first-of-{count}", f"All checkers have five tries together: {tries} for the first.", count=count
        )
        for left in reversed(range(tries)):
            run.present(f"wrong 0 {left}", code="000000")
        run.present("refused 0 0")
        yield run.case()

    run = TryScript("link-only", "An invitation without a code: level 1.", code="")
    run.present("wrong 0 2", code="1")
    run.present("passed 1 1", code="")
    yield run.case()

    run = TryScript("wrong-mac", "Somebody without the link cannot use tries up.")
    for _ in range(4):
        run.present("ignored", flipped=True)
    run.present("ignored", invitation=InvitationId(bytes(16)))
    run.present("passed 2 2")
    yield run.case()

    run = TryScript(
        "guesses", "Several birth dates in one try, or the right one among others.", identifiers=(BIRTHDAY, PHONE)
    )
    run.present("wrong 0 2", identifiers=(BIRTHDAY, e.Identifier("birth-date", "1980-03-01")))
    run.present("wrong 0 1", identifiers=(BIRTHDAY,))
    run.present("passed 2 0", identifiers=(PHONE, BIRTHDAY))
    yield run.case()

    run = TryScript("another-device", "The invitation belongs to the first device that tried.")
    run.present("wrong 0 2", code="000000")
    run.present("refused 0 0", patient=device("another patient", "patient").device)
    run.present("passed 2 1")
    yield run.case()

    run = TryScript("expired", "From its last millisecond on.")
    run.present("wrong 0 2", code="000000", time=NOW + HOUR - 1)
    run.present("refused 0 0", time=NOW + HOUR)
    yield run.case()

    run = TryScript("cancelled", "By an uninvite event.")
    run.cancel()
    run.present("refused 0 0")
    yield run.case()

    run = TryScript("passed-then-cancelled", "What has passed stays so.")
    passed = run.present("passed 2 2")
    run.cancel()
    run.present("passed 2 2", transcript=passed)
    yield run.case()

    run = TryScript("rolled-back", "A checker whose store was restored from a copy has no try left.")
    run.exhaust()
    run.present("refused 0 0")
    yield run.case()


def _safety_numbers() -> Iterator[Case]:
    for name in ("patient", "another patient"):
        patient = device(name, "patient").device
        groups = safety_number(CLINIC, patient)
        yield (
            "safety-number",
            name.replace(" ", "-"),
            ok("Leading zeros are kept.", clinic=CLINIC, patient=patient, groups=groups),
        )
