"""An administrator's first day, in real windows with a real relay: a new clinic, a stolen device, a lost key."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.journeys.desk import Workstation
from tests.journeys.processes import screen, wait_until
from tests.journeys.stage import Relay

PICTURES = os.environ.get("SEALDESK_PICTURES")
OWN = "gravel-sonnet-ferry-orchid-blanket-tulip"  # each person's, for their own desk


class Clinic:
    """A relay, and workstations that nobody has set up yet: one X screen each, for they would fight for the focus."""

    def __init__(self, folder: Path, things: ExitStack) -> None:
        self._folder, self._things = folder, things
        self.relay = Relay(folder / "relay")
        things.callback(self.relay.close)
        (folder / "desks").mkdir()

    def workstation(self, name: str) -> Workstation:
        program, display = screen(self._folder / f"screen-{name}.log")
        self._things.callback(program.stop)
        desk = Workstation(f"{name}-{os.urandom(4).hex()}", self._folder / "desks", display)
        self._things.callback(desk.kill)
        desk.start()
        return desk


@pytest.fixture
def clinic(tmp_path: Path) -> Iterator[Clinic]:
    with ExitStack() as things:
        yield Clinic(tmp_path, things)


def shot(desk: Workstation, name: str) -> None:
    if PICTURES:
        desk.screenshot(Path(PICTURES) / f"{name}.png")


def awaits(desk: Workstation, widget: str, *parts: str) -> None:
    def said() -> bool:
        return all(part in (desk.sees(widget) or "") for part in parts)

    wait_until(said, f"{parts} in {widget} of {desk.name}")


def awaits_row(desk: Workstation, table: str, *parts: str) -> int:
    """Its place."""

    def place() -> tuple[int] | None:
        rows = desk.do("rows", name=table)
        return next(((n,) for n, row in enumerate(rows) if all(part in row for part in parts)), None)

    return wait_until(place, f"{parts} in {table} of {desk.name}")[0]


def act(desk: Workstation, passphrase: str = "") -> None:
    """Whatever it is, confirmed in its dialog; with the passphrase where the key is locked."""
    if passphrase:
        desk.do("type", name="actPassphrase", text=passphrase)
    desk.await_enabled("actConfirm")
    desk.do("click", name="actConfirm")
    wait_until(lambda: desk.sees("actConfirm") is None, "the dialog to go")


def join_own(desk: Workstation, name: str) -> None:
    """The administrator's own workstation: joined, approved by the key that is open here, checked."""
    desk.await_("joinName")
    desk.do("type", name="joinName", text=name)
    desk.do("click", name="joinOwn")
    desk.do("type", name="joinPassphrase", text=OWN)
    desk.do("type", name="joinRepeat", text=OWN)
    desk.do("click", name="joinButton")
    desk.await_("ownApprove")
    desk.await_enabled("ownApprove")
    desk.do("click", name="ownApprove")
    desk.await_("selfCheckRun")
    desk.await_enabled("selfCheckRun")


def founded(desk: Workstation, relay: str) -> tuple[str, list[str]]:
    """The wizard, from the first screen to the printed kit. Answers the passphrase that it drew, and both sheets."""
    desk.await_("newClinic")
    desk.do("click", name="newClinic")
    desk.await_("newClinicName")
    desk.do("type", name="newClinicName", text="Praxis Ada")
    desk.do("type", name="clinicRelay", text=relay)
    passphrase = desk.await_("clinicPassphrase")
    desk.do("key", name="clinicWritten", key="Space")
    desk.do("click", name="clinicFound")
    desk.await_("kitConfirm")
    paper = desk.do("paper")
    for place, word in enumerate(paper["asked"]):
        desk.do("type", name=f"kitWord{place}", text=word)
    shot(desk, "kit")
    desk.do("click", name="kitConfirm")
    return passphrase, paper["sheets"]


def approved(desk: Workstation, words: list[str], passphrase: str) -> None:
    """From the list of who waits, by the words alone; wrong ones approve nothing."""
    desk.do("trigger", item="administrationAction")
    desk.await_enabled("waitingApprove0")
    shot(desk, "devices-waiting")
    desk.do("click", name="waitingApprove0")
    desk.do("type", name="approveWords", text=" ".join([*words[:5], "abacus"]))
    desk.do("click", name="approveFind")
    awaits(desk, "approveError", "six words")
    assert not desk.do("read", name="actConfirm")["enabled"]
    desk.do("type", name="approveWords", text=" ".join(words))
    desk.do("click", name="approveFind")
    awaits(desk, "approveName", "Ben Adler")
    shot(desk, "approve-right")
    act(desk, passphrase)
    awaits(desk, "administrationTold", "Ben Adler")
    rows = desk.do("rows", name="devicesTable")
    assert len(rows) == 2
    assert "Ben Adler" in rows[1]  # from its first moment, not once that desk has said so
    wait_until(lambda: desk.sees("waitingTitle") is None, "nobody to wait")


def opened(desk: Workstation) -> str:
    """The self-check, and the doors open. Answers the clinic's address."""
    desk.do("click", name="selfCheckRun")
    awaits(desk, "selfCheckResult", "went over your relay")
    shot(desk, "self-check")
    desk.do("click", name="selfCheckDone")
    address = desk.await_("openingAddress")
    shot(desk, "opening")
    desk.do("click", name="openingDone")
    desk.await_("sidebar")
    return address


def promoted(desk: Workstation, ben: Workstation) -> None:
    """Roles are staff's, and seen on the other desk."""
    assert ben.sees("auditButton") is None
    desk.do("click", name="staffTab")
    desk.do("choose", name="staffTable", row=awaits_row(desk, "staffTable", "Ben Adler"))
    desk.do("click", name="staffRole")
    desk.do("key", name="roleChoice", key="Down")
    shot(desk, "role")
    act(desk)
    awaits_row(desk, "staffTable", "Ben Adler", "supervisor")
    shot(desk, "staff")
    ben.await_("auditButton")
    shot(ben, "supervisor")


def locked_after(desk: Workstation, seconds: int) -> None:
    desk.do("click", name="policyTab")
    desk.do("type", name="policyLock", text=str(seconds))
    shot(desk, "policy")
    desk.do("click", name="policySave")
    act(desk)


def looked_at_the_relay(desk: Workstation) -> None:
    desk.do("click", name="relayStateTab")
    awaits(desk, "relayTold", "http://127.0.0.1")
    awaits(desk, "logTold", "Enough people vouched")
    assert desk.await_("pageTold")
    shot(desk, "relay")


def stolen(desk: Workstation, ben: Workstation) -> None:
    """Choose, press, confirm; then what it could read, on record."""
    desk.do("click", name="devicesTab")
    desk.do("choose", name="devicesTable", row=awaits_row(desk, "devicesTable", "Ben Adler"))
    desk.do("click", name="deviceStolen")
    shot(desk, "stolen")
    act(desk)
    ben.await_("revokedTitle")
    shot(ben, "revoked")
    desk.do("choose", name="devicesTable", row=awaits_row(desk, "devicesTable", "Ben Adler", "stolen"))
    desk.do("click", name="deviceScope")
    report = desk.await_("breachScopeText")
    assert "Device: Ben Adler" in report
    assert "stolen or lost" in report
    shot(desk, "breach-scope")
    desk.do("click", name="breachScopeClose")


def logged(desk: Workstation, *parts: str) -> None:
    desk.do("click", name="clinicLogTab")
    for part in parts:
        awaits_row(desk, "clinicLogTable", part)
    shot(desk, "log")


def recovered(desk: Workstation, address: str, sheets: list[str]) -> None:
    """The key is lost: both sheets make a new one, at another workstation."""
    desk.await_("recoverKey")
    desk.do("click", name="recoverKey")
    for number, sheet in enumerate(sheets, 1):
        desk.do("type", name=f"recoverSheet{number}", text=sheet)
    desk.do("type", name="recoverAddress", text=address)
    desk.do("key", name="recoverWritten", key="Space")
    shot(desk, "recover")
    desk.do("click", name="recoverBegin")
    awaits(desk, "recoverDone", "Praxis Ada")
    desk.do("click", name="recoverGoOn")
    join_own(desk, "Eva Lang")
    desk.do("click", name="selfCheckDone")
    desk.do("click", name="openingDone")
    desk.await_("sidebar")
    desk.do("trigger", item="administrationAction")


def test_a_clinic_is_founded_staffed_defended_and_recovered_in_the_window(clinic: Clinic) -> None:
    ada = clinic.workstation("ada")
    passphrase, sheets = founded(ada, f"http://127.0.0.1:{clinic.relay.start()}")
    join_own(ada, "Ada Lovelace")
    address = opened(ada)

    ben = clinic.workstation("ben")
    _, words = ben.join(address, "Ben Adler", OWN)
    shot(ben, "waiting-workstation")
    awaits(ada, "sidebarMenu", "1")  # it lists itself
    approved(ada, words, passphrase)
    ben.await_("sidebar")
    shot(ada, "devices")
    promoted(ada, ben)
    locked_after(ada, 900)
    looked_at_the_relay(ada)
    stolen(ada, ben)
    logged(
        ada,
        "was founded",
        "Ada Lovelace was admitted as administrator",
        "Ben Adler was admitted as agent",
        "Ben Adler is supervisor from now on",
        "desks lock after 900 s",
        "Ben Adler was revoked: stolen or lost",
    )

    eva = clinic.workstation("eva")
    recovered(eva, address, sheets)
    awaits_row(eva, "devicesTable", "Ada Lovelace")  # each desk has told the other who sits there
    awaits_row(ada, "clinicLogTable", "Eva Lang was admitted as administrator")
    awaits_row(ada, "clinicLogTable", "key was replaced")
    shot(eva, "recovered")
    shot(ada, "recovered-elsewhere")
