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


def test_a_clinic_is_founded_staffed_defended_and_recovered_in_the_window(clinic: Clinic) -> None:
    ada = clinic.workstation("ada")
    passphrase, sheets = founded(ada, f"http://127.0.0.1:{clinic.relay.start()}")
    join_own(ada, "Ada Lovelace")
    ada.do("click", name="selfCheckRun")
    awaits(ada, "selfCheckResult", "went over your relay")
    shot(ada, "self-check")
    ada.do("click", name="selfCheckDone")
    address = ada.await_("openingAddress")
    shot(ada, "opening")
    ada.do("click", name="openingDone")
    ada.await_("sidebar")

    # A second workstation lists itself.
    ben = clinic.workstation("ben")
    _, words = ben.join(address, "Ben Adler", OWN)
    shot(ben, "waiting-workstation")
    awaits(ada, "sidebarMenu", "1")
    approved(ada, words, passphrase)
    ben.await_("sidebar")
    shot(ada, "devices")

    # Staff and roles: seen on the other desk.
    assert ben.sees("auditButton") is None
    ada.do("click", name="staffTab")
    ada.do("choose", name="staffTable", row=awaits_row(ada, "staffTable", "Ben Adler"))
    ada.do("click", name="staffRole")
    ada.do("key", name="roleChoice", key="Down")
    shot(ada, "role")
    act(ada)
    awaits_row(ada, "staffTable", "Ben Adler", "supervisor")
    shot(ada, "staff")
    ben.await_("auditButton")
    shot(ben, "supervisor")
    ada.do("click", name="policyTab")
    ada.do("type", name="policyLock", text="900")
    shot(ada, "policy")
    ada.do("click", name="policySave")
    act(ada)

    ada.do("click", name="relayStateTab")
    awaits(ada, "relayTold", "http://127.0.0.1")
    awaits(ada, "logTold", "Enough people vouched")
    assert ada.await_("pageTold")
    shot(ada, "relay")

    # Stolen: choose, press, confirm; then what it could read, on record.
    ada.do("click", name="devicesTab")
    ada.do("choose", name="devicesTable", row=awaits_row(ada, "devicesTable", "Ben Adler"))
    ada.do("click", name="deviceStolen")
    shot(ada, "stolen")
    act(ada)
    ben.await_("revokedTitle")
    shot(ben, "revoked")
    ada.do("choose", name="devicesTable", row=awaits_row(ada, "devicesTable", "Ben Adler", "stolen"))
    ada.do("click", name="deviceScope")
    report = ada.await_("breachScopeText")
    assert "Device: Ben Adler" in report
    assert "stolen or lost" in report
    shot(ada, "breach-scope")
    ada.do("click", name="breachScopeClose")
    ada.do("click", name="clinicLogTab")
    for part in (
        "was founded",
        "Ada Lovelace was admitted as administrator",
        "Ben Adler was admitted as agent",
        "Ben Adler is supervisor from now on",
        "desks lock after 900 s",
        "Ben Adler was revoked: stolen or lost",
    ):
        awaits_row(ada, "clinicLogTable", part)
    shot(ada, "log")

    # The key is lost: both sheets make a new one, at another workstation.
    eva = clinic.workstation("eva")
    eva.await_("recoverKey")
    eva.do("click", name="recoverKey")
    for number, sheet in enumerate(sheets, 1):
        eva.do("type", name=f"recoverSheet{number}", text=sheet)
    eva.do("type", name="recoverAddress", text=address)
    eva.do("key", name="recoverWritten", key="Space")
    shot(eva, "recover")
    eva.do("click", name="recoverBegin")
    awaits(eva, "recoverDone", "Praxis Ada")
    eva.do("click", name="recoverGoOn")
    join_own(eva, "Eva Lang")
    eva.do("click", name="selfCheckDone")
    eva.do("click", name="openingDone")
    eva.await_("sidebar")
    eva.do("trigger", item="administrationAction")
    awaits_row(eva, "devicesTable", "Ada Lovelace")  # each desk has told the other who sits there
    awaits_row(ada, "clinicLogTable", "Eva Lang was admitted as administrator")
    awaits_row(ada, "clinicLogTable", "key was replaced")
    shot(eva, "recovered")
    shot(ada, "recovered-elsewhere")
