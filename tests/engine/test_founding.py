"""A clinic founded by the window's commands alone: kit, workstation, self-check, recovery, and a cut-off founding."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from agent_app.engine.administration import acts, news
from agent_app.engine.administration.office import office_profile
from agent_app.engine.commands import Join, LoadClinic
from agent_app.engine.events import EnrolmentRequested, NoticeRaised, Phase
from agent_app.engine.profile import Profile
from agent_app.store.key_material import AdminSecrets, DeviceSecrets
from agent_app.store.vault import Vault
from tests.engine.killing import chosen_at_random
from tests.engine.world import PASSPHRASE, Clock, Desk
from tests.relay_server.relays import RelayProcess

OTHER = "gravel sonnet ferry orchid blanket"


@asynccontextmanager
async def begun(folder: Path) -> AsyncIterator[tuple[Desk, RelayProcess]]:
    (folder / "relay").mkdir()
    relay = RelayProcess(folder / "relay")
    desk = Desk(Profile(folder / "desks", f"ada-{os.urandom(4).hex()}"), Clock())
    desk.start()
    try:
        yield desk, relay
    finally:
        await desk.stop()
        office = office_profile(desk.profile)
        Vault(DeviceSecrets, desk.profile.name, desk.profile.folder).remove()
        Vault(AdminSecrets, office.name, office.folder).remove()
        relay.close()
        shutil.rmtree(folder, ignore_errors=True)


def stage(desk: Desk) -> news.Stage | None:
    told = desk.told(news.AdministrationChanged)
    return told[-1].stage if told else None


async def founded(desk: Desk, relay: RelayProcess) -> None:
    desk.do(acts.FoundClinic("Praxis Ada", "Europe/Berlin", relay.url, PASSPHRASE, ("mon-fri 0:00-24:00",)))
    await desk.until(lambda d: stage(d) is news.Stage.FOUNDED, "the clinic")


async def first_workstation(desk: Desk) -> None:
    desk.do(Join(desk.told(news.AdministrationChanged)[-1].address, "Ada", OTHER))
    await desk.until(lambda d: d.told(EnrolmentRequested), "its request")
    asked = desk.told(EnrolmentRequested)[-1]
    desk.do(acts.ReadRequest(" ".join(asked.words).title(), asked.request))
    await desk.until(lambda d: d.told(news.RequestRead), "the words")
    assert desk.told(news.RequestRead)[-1].request == asked.request
    desk.do(acts.ApproveDevice(asked.request, "administrator"))
    await desk.until_phase(Phase.UNLOCKED)
    await desk.until_online()


def test_from_nothing_to_a_green_self_check_and_a_recovery(tmp_path: Path) -> None:
    async def play() -> None:
        async with begun(tmp_path) as (desk, relay):
            desk.do(acts.CheckRelay(relay.url))
            await desk.until(lambda d: d.told(news.RelayChecked), "the relay")
            assert desk.told(news.RelayChecked)[-1].problem == ""
            await founded(desk, relay)
            assert desk.told(news.AdministrationChanged)[-1].kit_pending
            desk.do(acts.MakeKit())
            await desk.until(lambda d: d.told(news.KitMade), "the kit")
            kit = desk.told(news.KitMade)[-1]
            answers = tuple(kit.sheets[sheet - 1][place - 1] for sheet, place in kit.asked)
            desk.do(acts.ConfirmKit((*answers[:-1], "wrong")))
            await desk.until(lambda d: d.told(news.KitRefused), "a refusal")
            assert desk.told(news.KitRefused)[-1].wrong == (7,)
            desk.do(acts.ConfirmKit(answers))
            await desk.until(lambda d: d.told(news.KitConfirmed), "its confirmation")
            desk.do(acts.RenewKit(" ".join(kit.sheets[0]), " ".join(kit.sheets[1])))
            await desk.until(lambda d: len(d.told(news.KitMade)) == 2, "two sheets anew")
            anew = desk.told(news.KitMade)[-1]
            assert not set(anew.sheets) & set(kit.sheets)
            await first_workstation(desk)
            desk.do(LoadClinic())
            await desk.until(lambda d: d.told(news.ClinicLoaded), "the clinic")
            hours = desk.told(news.ClinicLoaded)[-1].hours
            assert hours == news.HoursRow("Europe/Berlin", (*("0:00-24:00",) * 5, "", ""), ())
            desk.do(acts.TellHours("Europe/Berlin", ("mon noon",), ()))
            await desk.until(lambda d: d.told(news.ActFailed), "a refusal: these are no hours")
            assert "are no hours" in desk.told(news.ActFailed)[-1].means
            assert desk.told(news.ActFailed)[-1].code == "hours.unreadable"
            desk.do(acts.TellHours("Europe/Berlin", (), ()))
            await desk.until(lambda d: d.told(news.ClinicLoaded)[-1].hours != hours, "the new hours")
            desk.do(acts.RunSelfCheck())
            await desk.until(lambda d: any(e.ok or e.failure for e in d.told(news.SelfCheckProgressed)), "the check")
            last = desk.told(news.SelfCheckProgressed)[-1]
            assert (last.failure, last.ok, len(last.done)) == ("", True, 6)
            assert [row.status.value for row in desk.rows().values()] == ["ended"]
            desk.do(acts.RecoverAdministration(" ".join(anew.sheets[1]), " ".join(anew.sheets[0]), "", PASSPHRASE))
            await desk.until(lambda d: d.told(news.AdministrationRecovered), "the new key")
            await desk.until(
                lambda d: any("was replaced" in e.notice.happened for e in d.told(NoticeRaised)), "a notice"
            )
            desk.do(acts.VouchForLog())
            await desk.until(lambda d: len(d.told(news.ActFailed)) > 1, "a refusal: the new key is locked")

    asyncio.run(play())


@asynccontextmanager
async def second(folder: Path) -> AsyncIterator[Desk]:
    desk = Desk(Profile(folder / "others", f"ben-{os.urandom(4).hex()}"), Clock())
    desk.start()
    try:
        yield desk
    finally:
        await desk.stop()
        Vault(DeviceSecrets, desk.profile.name, desk.profile.folder).remove()


def test_a_second_workstation_waits_by_itself_and_is_found_by_its_words_alone(tmp_path: Path) -> None:
    def waiting(desk: Desk) -> int:
        desk.do(LoadClinic())
        told = desk.told(news.RequestsWaiting)
        return len(told[-1].requests) if told else 0

    async def play() -> None:
        async with begun(tmp_path) as (desk, relay), second(tmp_path) as other:
            await founded(desk, relay)
            await first_workstation(desk)
            other.do(Join(desk.told(news.AdministrationChanged)[-1].address, "Ben", OTHER))
            await other.until(lambda d: d.told(EnrolmentRequested), "its request")
            asked = other.told(EnrolmentRequested)[-1]
            await desk.until(lambda d: waiting(d) == 1, "the one that waits; the first is admitted")
            said = list(asked.words)
            for wrong in ([*said[:5], "abacus"], said[:5], [*said[:5], "zzz"], said[::-1]):
                before = len(desk.told(news.ActFailed))
                desk.do(acts.ReadRequest(" ".join(wrong)))
                await desk.until(lambda d, before=before: len(d.told(news.ActFailed)) > before, "a refusal")
            desk.do(acts.ReadRequest(" ".join(wrong), asked.request))
            await desk.until(lambda d: "exchanged" in d.told(news.ActFailed)[-1].means, "a refusal")
            desk.do(acts.ReadRequest("  " + " ".join(said).upper()))
            await desk.until(
                lambda d: any(one.name == "Ben" for one in d.told(news.RequestRead)), "whose words these are"
            )
            desk.do(acts.ApproveDevice(desk.told(news.RequestRead)[-1].request, "agent"))
            await other.until_phase(Phase.UNLOCKED)
            await desk.until(lambda d: waiting(d) == 0, "nobody waits")

    asyncio.run(play())


def test_a_founding_that_is_cut_off_anywhere_is_nothing_or_is_finished(tmp_path: Path) -> None:
    """The engine dies at random moments, from before the first file to after the last request."""
    chance = chosen_at_random()

    async def play() -> None:
        async with begun(tmp_path) as (desk, relay):
            for _ in range(6):
                desk.do(acts.FoundClinic("Praxis Ada", "Europe/Berlin", relay.url, PASSPHRASE))
                await asyncio.sleep(chance.random() / 4)
                await desk.crash()
                desk.events.clear()
                desk.start()
                await desk.until(lambda d: stage(d) is not None, "where it stands")
                if stage(desk) is not news.Stage.NONE:
                    break
            if stage(desk) is news.Stage.NONE:
                await founded(desk, relay)
            else:
                desk.do(acts.UnlockAdministration(PASSPHRASE))
                await desk.until(
                    lambda d: stage(d) is news.Stage.FOUNDED and d.told(news.AdministrationChanged)[-1].unlocked
                )
            assert desk.told(news.AdministrationChanged)[-1].kit_pending
            await first_workstation(desk)

    asyncio.run(play())
