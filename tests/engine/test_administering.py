"""The clinic as an administrator's desk sees it, and what follows from a device that is gone."""

import os
from dataclasses import replace
from datetime import date

import pytest

from agent_app.engine import commands
from agent_app.engine.administration import acts, news
from agent_app.engine.administration.notebook import Notebook, Refused
from agent_app.engine.administration.office import office_profile
from agent_app.engine.administration.opening import parse
from agent_app.engine.clinic_address import REQUEST_PREFIX, from_text, to_text
from agent_app.engine.commands import Claim, Lock, Unlock
from agent_app.engine.events import DeviceAdmitted, DeviceNamed, EnrolmentRequested, Phase, PresenceChanged, Status
from agent_app.protocol.encoding import encode
from agent_app.protocol.keys import ClinicId, DeviceKeys
from agent_app.protocol.limits import RECIPIENTS
from agent_app.store.key_material import AdminSecrets
from agent_app.store.vault import Vault
from agent_app.transparency import enrolment
from agent_app.transparency.statement import Admission, Policy, Revocation, Role, RoleChange, Team
from tests.engine.test_conversing import invited, row
from tests.engine.world import CHEAP, PASSPHRASE, QUICK, Desk, World, played


async def loaded(desk: Desk) -> news.ClinicLoaded:
    count = len(desk.told(news.ClinicLoaded))
    desk.do(commands.LoadClinic())
    await desk.until(lambda d: len(d.told(news.ClinicLoaded)) > count, "the clinic")
    return desk.told(news.ClinicLoaded)[-1]


def give_the_key(world: World, desk: Desk) -> None:
    """As if the clinic had been founded at this desk."""
    office = office_profile(desk.profile)
    Notebook(office.folder).found(world.address, world.founding.charter)
    vault = Vault(AdminSecrets, office.name, office.folder, cost=CHEAP)
    vault.create(world.admin, PASSPHRASE)
    world.stack.callback(vault.remove)


async def scope(desk: Desk, of: Desk) -> str:
    count = len(desk.told(news.BreachScopeReported))
    desk.do(commands.ReportBreachScope(of.device))
    await desk.until(lambda d: len(d.told(news.BreachScopeReported)) > count, "the report")
    return "\n".join(desk.told(news.BreachScopeReported)[-1].lines)


@played
async def test_an_approved_workstation_has_its_name_before_it_is_at_work(world: World) -> None:
    """The name that was approved, although its desk has told nobody; what it is owed as a newcomer it still gets."""
    boss = await world.desk("boss", "administrator")
    give_the_key(world, boss)
    patient, conversation = await invited(world, boss)
    await patient.say("before Ben")
    await boss.until(lambda d: row(d, conversation, "before Ben"))
    ben = await world.joined("ben")
    request = ben.told(EnrolmentRequested)[-1].request
    await ben.crash()
    await loaded(boss)
    boss.do(acts.UnlockAdministration(PASSPHRASE))
    boss.do(acts.ApproveDevice(request, "agent"))
    await boss.until(lambda d: d.told(news.DeviceApproved), "the approval")
    assert [event.name for event in boss.told(DeviceAdmitted)] == ["Ben"]
    assert [one.name for one in boss.told(news.ClinicLoaded)[-1].devices] == ["Boss", "Ben"]
    await ben.restart()
    await ben.until(lambda d: conversation in d.rows(), "what was before it")
    assert not boss.told(DeviceNamed)


@played
async def test_a_request_gives_no_device_another_name(world: World) -> None:
    """Ben's certificate in a request of somebody else's making: it is refused, and Ben stays Ben."""
    boss, ben = await world.desk("boss", "administrator"), await world.desk("ben")
    give_the_key(world, boss)
    await boss.until(lambda d: d.told(DeviceNamed), "Ben's own word")
    asked = enrolment.parse(from_text(REQUEST_PREFIX, ben.told(EnrolmentRequested)[-1].request))
    forged = enrolment.EnrolmentRequest(asked.certificate, os.urandom(16), "Mallory", os.urandom(32))
    boss.do(acts.UnlockAdministration(PASSPHRASE))
    boss.do(acts.ApproveDevice(REQUEST_PREFIX + to_text(encode(forged)), "agent"))
    await boss.until(lambda d: d.told(news.ActFailed), "the refusal")
    assert [one.name for one in (await loaded(boss)).devices] == ["Boss", "Ben"]


@played
async def test_an_open_list_of_devices_follows_a_name_that_is_told_later(world: World) -> None:
    boss, ben = await world.desk("boss", "administrator"), await world.joined("ben")
    await loaded(boss)
    await world.admit(ben)
    await boss.until(lambda d: [one.name for one in d.told(news.ClinicLoaded)[-1].devices] == ["Boss", "Ben"], "a name")
    assert boss.told(DeviceAdmitted)[0].name == f"Device {ben.device[:4].hex()}"


def is_there(desk: Desk, name: str, *, there: bool) -> bool:
    told = desk.told(PresenceChanged)
    return bool(told) and any(c.name == name and (c.state != "offline") is there for c in told[-1].colleagues)


@played
async def test_a_device_that_is_gone_gives_back_what_it_held_and_its_scope_is_told(world: World) -> None:
    boss, ben = await world.desk("boss", "administrator"), await world.desk("ben")
    give_the_key(world, boss)
    patient, conversation = await invited(world, boss)
    await patient.say("Good morning")
    await ben.until(lambda d: conversation in d.rows())
    await boss.until(lambda d: d.rows()[conversation].preview == "Good morning")
    ben.do(Claim(conversation))
    await boss.until(lambda d: d.rows()[conversation].holder == "Ben", "Ben's claim")
    await boss.until(lambda d: is_there(d, "Ben", there=True), "Ben at work")
    device = next(row for row in (await loaded(boss)).devices if row.device == ben.device)
    assert (device.name, device.role, device.held, device.gone) == ("Ben", "agent", 1, 0)
    assert device.heard
    assert "did not say to this desk that it locks" in await scope(boss, ben)

    ben.do(Lock())
    await boss.until(lambda d: is_there(d, "Ben", there=False), "Ben's farewell")
    assert "its keys leave its memory" in await scope(boss, ben)
    ben.do(Unlock(PASSPHRASE))
    await boss.until(lambda d: is_there(d, "Ben", there=True), "Ben again")
    assert "did not say to this desk that it locks" in await scope(boss, ben)

    boss.do(commands.ReturnConversations(ben.device))
    await boss.until(lambda d: "The conversations stay where they are." in d.notices())
    boss.do(acts.RevokeDevice(ben.device, "left"))
    await boss.until(lambda d: d.told(news.ActFailed), "a refusal: the key is locked")
    boss.do(acts.UnlockAdministration(PASSPHRASE))
    boss.do(acts.SetTeam(b"", (boss.device,)))
    boss.do(acts.RevokeDevice(ben.device, "left"))
    await boss.until(lambda d: d.rows()[conversation].status is Status.WAITING, "the queue")
    told = await scope(boss, ben)
    assert "Device: Ben, number " + ben.device.hex() in told
    assert "the person has left" in told
    assert "holds 1 message or note, in 1 conversation, of 1 patient’s device." in told
    audited = boss.audited("export")
    assert {entry.arguments for entry in audited} == {("breach-scope", ben.device.hex())}
    seen = await loaded(boss)
    assert [row.text for row in seen.log[:2]] == ["Ben was revoked: the person has left.", "A team was set to: Boss."]
    assert [(row.held, row.revoked) for row in seen.devices if row.device == ben.device] == [(0, "left")]
    assert [team.devices for team in seen.teams] == [(boss.device,)]


@played
async def test_who_ends_the_access_of_her_own_desk_leaves_nothing_behind(world: World) -> None:
    boss, ben = await world.desk("boss", "administrator"), await world.desk("ben")
    eve = await world.desk("eve", pace=replace(QUICK, returning=600.0))
    give_the_key(world, boss)
    _, mine = await invited(world, boss)
    _, his = await invited(world, boss)
    boss.do(Claim(mine))
    ben.do(Claim(his))
    for desk in (ben, eve):
        await desk.until(lambda d: holders(d) == {mine: "Boss", his: "Ben"}, "the claims")
    await eve.stop()
    boss.do(acts.UnlockAdministration(PASSPHRASE))
    boss.do(acts.RevokeDevice(boss.device, "replaced"))
    await boss.until_phase(Phase.REVOKED)
    await ben.until(lambda d: d.rows()[mine].status is Status.WAITING, "the queue")
    assert holders(ben) == {mine: "", his: "Ben"}
    await eve.restart()
    await eve.until(lambda d: holders(d) == {mine: "", his: "Ben"}, "what Ben's desk did")
    # However long she waits for her turn: it finds nothing that is left to do.
    assert eve.engine._shift is not None
    assert eve.engine._shift._returning._left_behind() == []
    for desk in (ben, eve):
        await desk.stop()
        with desk.disk() as store:
            released = store.database.rows("SELECT author FROM events WHERE kind = 'release'")
        assert released == [(ben.device,)]


def holders(desk: Desk) -> dict[bytes, str]:
    return {conversation: row.holder for conversation, row in desk.rows().items()}


@played
async def test_the_log_speaks_plainly_and_to_administrators_alone(world: World) -> None:
    boss, eve = await world.desk("boss", "administrator"), await world.desk("eve", "auditor")
    await world.append(lambda _: RoleChange(boss.device, "administrator"))
    await world.append(lambda _: Team(b"t" * 16, (boss.device,)))
    await world.policy(Policy(60, 365, True, False, 48, 72))
    await world.policy(Policy(60, 365, True, False, 48, 72))
    await world.append(lambda log: parse(["sat 9:00-12:00"], [date(2026, 12, 25)], "Europe/Berlin"))
    seen = await loaded(boss)
    await boss.until(lambda d: len(d.told(news.ClinicLoaded)[-1].log) == 8, "all of the log")
    seen = boss.told(news.ClinicLoaded)[-1]
    assert [row.text for row in reversed(seen.log)] == [
        f"The clinic Praxis Ada was founded, with the relay {world.relay.url}.",
        "Boss was admitted as administrator.",
        f"{seen.devices[1].name} was admitted as auditor.",
        "Boss is administrator from now on.",
        "A team was set to: Boss.",
        "The policy was changed: desks lock after 60 s; messages are deleted after 365 days; "
        "new devices see only what is said from then on.",
        "The policy was stated anew, unchanged. That ends alarms about this log.",
        "The opening hours were set, by Europe/Berlin: Sat 9:00-12:00.",
    ]
    assert {row.who for row in seen.log} == {"Administrator 1"}
    assert [team.name for team in seen.teams]
    assert seen.policy == news.PolicyRow(60, 365, True, False, 48, 72)
    assert seen.hours == news.HoursRow("Europe/Berlin", ("", "", "", "", "", "9:00-12:00", ""), ("2026-12-25",))
    assert "an auditor’s device is sent none" in await scope(boss, eve)
    eve.do(commands.LoadClinic())
    await eve.until(lambda d: "The clinic is not administered at this desk." in d.notices())
    assert not eve.told(news.ClinicLoaded)


@played
async def test_no_device_is_admitted_whom_no_message_could_reach(world: World) -> None:
    def admission(role: Role) -> Admission:
        certificate = DeviceKeys.generate(os.urandom).certify(ClinicId(world.address.clinic), "agent", 1)
        asked = enrolment.EnrolmentRequest(certificate.encoded, os.urandom(16), "Ada", os.urandom(32))
        return enrolment.admission(asked, role)

    for _ in range(RECIPIENTS.value):
        log = await world.append(lambda _: admission("agent"))
    with pytest.raises(Refused, match="End the access of another first"):
        await world.append(lambda _: admission("agent"))
    log = await world.append(lambda _: admission("auditor"))
    *_, agent, auditor = log.roster.members.values()
    with pytest.raises(Refused, match="left out"):
        await world.append(lambda _: RoleChange(auditor.id, "agent"))
    await world.append(lambda _: Revocation(agent.id, "left"))
    await world.append(lambda _: RoleChange(auditor.id, "agent"))
