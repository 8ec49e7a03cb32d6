"""The sealed line, from the administrator's first command to the auditor's verdict, in real processes.

One clinic, one long day. Each test is a chapter and needs the ones before it: they run in order, and after one has
failed the rest say so at once.
"""

import base64
import re
import subprocess
from collections.abc import Iterator
from contextlib import suppress

import pytest
from selenium.common.exceptions import WebDriverException

from agent_app.relay import wire
from tests.journeys.browser import Phone
from tests.journeys.desk import Workstation
from tests.journeys.pictures import photograph
from tests.journeys.processes import wait_until
from tests.journeys.stage import PROGRAMS, Stage, stage

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]

PATIENT, BIRTH_DATE = "Rosalind Achterberg", "1984-02-29"
QUESTION = "My cough has not got better since Tuesday, and I am out of inhalers."
ANSWER = "Dr. Okonkwo can see you at half past four. Please bring the old inhaler."
SECOND = "I can also answer you from the other desk."
IN_THE_DARK = "I wrote this while the post office was on fire."
AFTERWARDS = "Everything is back, and nothing was lost."
LEAVING = "From now on it is only me who answers you."
UNDERSTOOD = "Good to know, thank you."
NOT_FOR_B = "Only for those who still work here."
PHOTO = "photo.jpg"
WHILE_LOCKED = "Is anybody there at lunchtime?"
BACK_TO_A = "Thank you, I will come by bicycle."
FROM_ANOTHER = "It is me again, from my new telephone."
PLANTED = [
    PATIENT, BIRTH_DATE, QUESTION, ANSWER, SECOND, IN_THE_DARK, AFTERWARDS, WHILE_LOCKED, LEAVING, UNDERSTOOD,
    NOT_FOR_B, BACK_TO_A, FROM_ANOTHER,
]  # fmt: skip
NAMES = ["Rosalind", "Amara Diallo", "Bruno Keller", "Somebody Else"]


class Day:
    """What the chapters hand to one another."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.amara: Workstation
        self.bruno: Workstation
        self.phone: Phone
        self.code = ""
        self.link = ""
        self.failed = ""
        self.fingerprint = ""
        self.verdicts: list[str] = []
        self.transcripts: dict[str, list[str]] = {}

    def shot(self, name: str, place: Workstation | Phone) -> None:
        folder = self.stage.folder / "screenshots"
        folder.mkdir(exist_ok=True)
        place.screenshot(folder / f"{name}.png")


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Day]:
    with stage(tmp_path_factory.mktemp("clinic")) as built:
        yield Day(built)


@pytest.fixture(autouse=True)
def chapter(day: Day, request: pytest.FixtureRequest) -> Iterator[None]:
    assert not day.failed, f"{day.failed} failed, and this chapter goes on from it"
    day.failed = request.node.name
    failures = request.session.testsfailed
    yield
    if request.session.testsfailed == failures:
        day.failed = ""
        return
    for name in ("amara", "bruno", "phone"):  # what a person would have seen then
        place = getattr(day, name, None)
        if isinstance(place, Workstation | Phone):
            with suppress(AssertionError, OSError, WebDriverException):
                day.shot(f"failed-{name}", place)


def test_two_workstations_are_admitted(day: Day) -> None:
    """An administrator makes the clinic; two workstations make their own keys, show six words, and are admitted."""
    day.amara = day.stage.workstation(
        "amara", "Amara Diallo", "supervisor", "velvet-comet-harbor-tulip-umbrella-granite"
    )
    day.bruno = day.stage.workstation("bruno", "Bruno Keller", "agent", "granite-tulip-comet-velvet-umbrella-harbor")
    log = day.stage.administrator.run("log", "show")
    assert log.count("supervisor") == 1, log
    assert "Amara" not in log, "the log holds no names"
    day.stage.administrator.run("log", "verify")


def test_opening_the_link_changes_nothing(day: Day) -> None:
    """Amara invites a patient. Opening the link sends nothing but a request for the page."""
    day.link, day.code = day.amara.invite(PATIENT, BIRTH_DATE)
    day.shot("invitation", day.amara)
    day.amara.do("click", name="inviteDone")
    day.phone = day.stage.phone("rosalind")
    before = day.stage.capture.stat().st_size
    day.phone.open(day.link)
    day.phone.await_("start")
    day.shot("start", day.phone)
    assert "#" not in day.phone.driver.current_url, "the secret is gone from the address bar"
    passed = day.stage.capture.read_bytes()[before:]
    assert b"POST /v1/" not in passed, "opening a link redeems nothing"
    assert b"PUT /v1/" not in passed
    for secret in (base64.urlsafe_b64decode(day.link.split("#")[1] + "==")[1:17], day.link.split("#")[1].encode()):
        assert secret not in day.stage.capture.read_bytes()


def test_the_patient_passes_the_check(day: Day) -> None:
    """Rosalind presses the button, consents, mistypes the code once, then passes the check."""
    begin(day.phone)
    day.shot("check", day.phone)
    day.phone.type("code", "000000" if day.code != "000000" else "111111")
    day.phone.type_birth_date(BIRTH_DATE)
    day.phone.press("check-continue")
    left = day.phone.await_("tries-left")
    assert re.search(r"\b(4|four)\b", left, re.I), left
    day.phone.type("code", day.code)
    day.phone.type_birth_date(BIRTH_DATE)
    day.phone.press("check-continue")
    day.phone.await_("composer")
    day.amara.open_conversation()
    wait_until(lambda: PATIENT in day.amara.conversations()[0], "the patient's name, now that they have passed")
    assert day.amara.sees("pageStatus") is None, "the page is served as it was signed"


def test_messages_and_a_photograph_travel_both_ways(day: Day) -> None:
    """Messages and a photograph travel both ways; each side sees when the other has read them."""
    say(day.phone, QUESTION)
    day.amara.await_row(QUESTION)
    day.amara.say(ANSWER)
    await_message(day.phone, ANSWER)
    picture = photograph(day.stage.folder / "inhaler.jpg", secret="GPS-of-a-home")
    day.phone.press("attach")
    day.phone.give_file("photo", picture)
    day.phone.press("chosen-send")
    day.amara.await_row(PHOTO)
    saved = day.amara.save_file(PHOTO, day.stage.folder / "saved.jpg")
    assert saved[:2] == b"\xff\xd8", "a photograph arrives as one"
    assert b"GPS-of-a-home" not in saved, "and without what the camera wrote beside it"
    day.amara.await_row(ANSWER, "Read")
    await_delivery(day.phone, QUESTION, "read")
    day.shot("conversation-desk", day.amara)
    day.shot("conversation-phone", day.phone)


def test_a_colleague_sees_everything_and_answers(day: Day) -> None:
    """Bruno, at another workstation, sees everything and answers."""
    day.bruno.open_conversation()
    for text in (QUESTION, ANSWER, PHOTO):
        day.bruno.await_row(text)
    day.bruno.say(SECOND)
    await_message(day.phone, SECOND)
    day.amara.await_row(SECOND)
    day.shot("colleague", day.bruno)


def test_nothing_is_lost_when_everything_is_killed(day: Day) -> None:
    """The relay and a desk are killed with SIGKILL, the page is reloaded: nothing lost, nothing twice, order kept."""
    day.stage.relay.kill()
    say(day.phone, IN_THE_DARK)
    await_delivery(day.phone, IN_THE_DARK, "queued")
    day.amara.say(AFTERWARDS)
    day.amara.await_row(AFTERWARDS, "Waiting")
    day.amara.kill()
    day.stage.relay.start()
    day.phone.driver.refresh()
    day.amara.start()
    day.amara.unlock()
    day.amara.open_conversation()
    day.amara.await_row(IN_THE_DARK)
    await_message(day.phone, AFTERWARDS)
    for text in (IN_THE_DARK, AFTERWARDS):
        day.bruno.await_row(text)
    expected = [QUESTION, ANSWER, SECOND, IN_THE_DARK, AFTERWARDS]
    day.transcripts = {
        "Amara's desk": day.amara.transcript(),
        "Bruno's desk": day.bruno.transcript(),
        "Rosalind's phone": day.phone.messages(),
    }
    for transcript in day.transcripts.values():
        order = [text for row in transcript for text in expected if text in row]
        assert sorted(order) == sorted(expected), f"nothing lost, nothing twice: {transcript}"
        assert [t for t in order if t not in (IN_THE_DARK, AFTERWARDS)] == [QUESTION, ANSWER, SECOND]


def test_the_browser_comes_back_after_its_restart(day: Day) -> None:
    """The browser is closed and opened again: straight in."""
    day.phone.close()
    day.phone = day.stage.phone("rosalind")
    day.phone.open(day.stage.origin + "/")
    await_message(day.phone, QUESTION)
    await_message(day.phone, AFTERWARDS)
    day.shot("phone-next-day", day.phone)


def test_a_locked_desk_counts_and_shows_nothing(day: Day) -> None:
    """Amara locks her desk. What arrives meanwhile is counted, not shown; a wrong passphrase opens nothing."""
    told = (QUESTION, ANSWER, AFTERWARDS, "Rosalind", day.amara.passphrase)
    assert {f"{QUESTION} {form}" for form in (0, 1)} & day.amara.remembers(*told)
    day.amara.do("key", name="transcript", key="L", modifier="ControlModifier")
    day.amara.await_("unlockPassphrase")
    wait_until(lambda: not day.amara.remembers(*told), "the desk's process to forget all of it")
    say(day.phone, WHILE_LOCKED)
    await_delivery(day.phone, WHILE_LOCKED, "read")  # on Bruno's desk: Amara's acknowledges nothing
    wait_until(lambda: re.search("[1-9]", day.amara.sees("unlockWaiting") or ""), "the count of what waits")
    day.shot("locked", day.amara)
    right, day.amara.passphrase = day.amara.passphrase, "not-the-passphrase-at-all"
    day.amara.do("type", name="unlockPassphrase", text=day.amara.passphrase)
    day.amara.do("click", name="unlockButton")
    day.amara.await_("unlockError")
    day.amara.passphrase = right
    day.amara.unlock()
    day.amara.open_conversation()
    day.amara.await_row(WHILE_LOCKED)


def test_a_revoked_device_reads_nothing_more(day: Day) -> None:
    """Bruno leaves. The relay cuts his stream, and nobody writes to his device again."""
    shown = day.stage.administrator.run("log", "show")
    device = next(line for line in shown.splitlines() if re.search(r"\bagent\b", line))
    identity = re.search(r"\b[0-9a-f]{16}\b", device)
    assert identity, device
    day.stage.administrator.run("revoke", identity[0], "--reason", "left")
    day.bruno.await_("revokedScreen")
    day.shot("revoked", day.bruno)
    day.bruno.quit()
    # Each sender hears of it at its next envelope at the latest: the relay refuses one under an older log head.
    converse(day, LEAVING, UNDERSTOOD)
    before = day.stage.capture.stat().st_size
    converse(day, NOT_FOR_B, BACK_TO_A)
    capture = day.stage.capture.read_bytes()
    to_bruno = wire.encode((day.stage.mailbox(identity[0]), b"")).removesuffix(wire.encode(b""))
    assert wire.encode(("end", "revoked")) in capture[:before], "the relay cut the revoked device's stream"
    assert to_bruno in capture[:before], "this is how an envelope names his mailbox"
    assert to_bruno not in capture[before:], "nobody writes to a revoked device"


def test_a_wrong_code_five_times_is_refused_for_good(day: Day) -> None:
    """A thief has a second link and guesses the code: refused after the fifth try, for good."""
    link, code = day.amara.invite("Somebody Else", "1970-01-01")
    day.amara.do("click", name="inviteDone")
    thief = day.stage.phone("thief")
    thief.open(link)
    begin(thief)
    wrong = [str(digit) * 6 for digit in range(10) if str(digit) * 6 != code]
    for n, guess in enumerate(wrong[:5]):
        thief.type("code", guess)
        thief.type_birth_date("1970-01-01")
        thief.press("check-continue")
        said = wait_until(lambda left=4 - n: answer(thief, left), "an answer to the try")
        assert (said == "refused") == (n == 4), f"refused after the fifth try, not after {n + 1}"
    thief.await_("refused")
    day.shot("refused", thief)
    assert not thief.seen("composer")
    thief.driver.refresh()
    thief.await_("refused")
    thief.close()


def test_the_auditor_says_pass_and_a_flipped_byte_fails(day: Day) -> None:
    """The auditor verifies the evidence offline: PASS. With one bit flipped: FAIL."""
    bundle = day.stage.folder / "evidence.sealdesk"
    whole = day.stage.folder / "evidence-whole.sealdesk"
    day.amara.export(bundle)
    fingerprint = re.search(r"(?:[a-z2-7]{4}[ -]){9}[a-z2-7]{4}", day.stage.administrator.run("address"))
    assert fingerprint
    day.fingerprint = fingerprint[0]
    command = [str(PROGRAMS / "sealdesk-verify"), str(bundle), "--fingerprint", fingerprint[0]]
    said = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert said.returncode == 0, said.stdout + said.stderr
    assert "PASS" in said.stdout
    day.verdicts.append(said.stdout)
    whole.write_bytes(bundle.read_bytes())
    altered = bytearray(bundle.read_bytes())
    altered[len(altered) // 2] ^= 1
    bundle.write_bytes(altered)
    said = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert said.returncode == 1, said.stdout + said.stderr
    assert "FAIL" in said.stdout
    day.verdicts.append(said.stdout)


def test_the_patient_ends_and_erases(day: Day) -> None:
    """Rosalind ends the chat and erases it from her phone; nothing of it is left in the browser."""
    for step in ("menu", "erase", "erase-confirm"):
        day.phone.press(step)
    day.phone.await_("erased")
    day.shot("erased", day.phone)
    wait_until(lambda: "Ended" in (day.amara.sees("conversationStatus") or ""), "the desk to learn that she ended it")
    day.phone.open(day.stage.origin + "/")
    day.phone.await_("start")
    assert QUESTION not in day.phone.text()
    assert not day.phone.complaints(), day.phone.complaints()
    day.phone.close()


def test_a_new_phone_gets_back_what_was_said(day: Day) -> None:
    """Rosalind comes with another phone and a new link. Amara compares the safety number with her, and sends what they
    said before."""
    link, code = day.amara.invite(PATIENT, BIRTH_DATE)
    day.amara.do("click", name="inviteDone")
    phone = day.stage.phone("rosalind's new one")
    phone.open(link)
    begin(phone)
    phone.type("code", code)
    phone.type_birth_date(BIRTH_DATE)
    phone.press("check-continue")
    say(phone, FROM_ANOTHER)
    wait_until(lambda: FROM_ANOTHER in day.amara.conversations()[0], "what she wrote, at the top of the list")
    day.amara.open_conversation()
    day.amara.await_row(FROM_ANOTHER)
    day.amara.do("trigger", item="safetyNumberAction")
    day.amara.await_("safetyNumberMatches")
    day.amara.do("click", name="safetyNumberMatches")
    wait_until(lambda: day.amara.sees("safetyNumberMatches") is None, "the comparison to be kept")
    day.amara.do("trigger", item="sendEarlierAction")
    day.amara.await_enabled("earlierConfirm")
    day.shot("earlier-desk", day.amara)
    day.amara.do("click", name="earlierConfirm")
    phone.await_("mark-earlier")
    for text in (QUESTION, ANSWER, AFTERWARDS):
        await_message(phone, text)
    phone.await_("photo-shown")
    day.shot("earlier-phone", phone)
    assert not phone.complaints(), phone.complaints()
    phone.close()


def test_the_middle_holds_nothing(day: Day) -> None:
    """The relay's folder, its logs, and every byte that crossed the wire hold no word, name or code of that day."""
    day.amara.quit()
    day.stage.relay.stop()
    haystacks = [day.stage.capture, *(f for f in day.stage.relay.folder.rglob("*") if f.is_file())]
    assert any(f.name.endswith(".db") for f in haystacks)
    # Six digits stand somewhere in every number that is long enough: by themselves they would be the code.
    alone = re.compile(rb"(?<![\w.+/-])" + day.code.encode() + rb"(?![\w.+/-])", re.ASCII)
    assert [hay for hay in haystacks if alone.search(hay.read_bytes())] == []
    packed = [base64.b64encode(day.code.encode()), day.code.encode("utf-16-le")]
    assert [hay for hay in haystacks if any(form in hay.read_bytes() for form in packed)] == []
    for needle in [*PLANTED, *NAMES, day.link.split("#")[1]]:
        for form in (needle.encode(), base64.b64encode(needle.encode()).rstrip(b"=")[:-2], needle.encode("utf-16-le")):
            for hay in haystacks:
                assert form not in hay.read_bytes(), f"{needle!r} in {hay}"


def begin(phone: Phone) -> None:
    phone.press("start")
    phone.press("consent-tick")
    phone.press("consent-continue")
    phone.await_("code")


def answer(phone: Phone, left: int) -> str:
    """What a checker's answer looks like on the page: "refused", or that so many tries are left; else ""."""
    if phone.seen("refused"):
        return "refused"
    return next((text for text in phone.seen("tries-left") if re.search(rf"\b{left}\b", text)), "")


def say(phone: Phone, text: str) -> None:
    phone.type("composer", text)
    phone.press("send")


def await_message(phone: Phone, text: str) -> None:
    wait_until(lambda: any(text in m for m in phone.messages()), f"{text!r} on the phone: {phone.messages()}")


def converse(day: Day, said: str, answered: str) -> None:
    day.amara.say(said)
    await_message(day.phone, said)
    say(day.phone, answered)
    day.amara.await_row(answered)


def await_delivery(phone: Phone, text: str, step: str) -> None:
    def reached() -> bool:
        return any(text in message for message in phone.messages(step))

    wait_until(reached, f"{text!r} to be {step}")
