"""A PIN and the engine: ten minutes from the passphrase, three tries, and every unlock in the audit log."""

from agent_app.engine.commands import Lock, SetPin, Unlock, UnlockByPin
from agent_app.engine.events import Phase, PhaseChanged, PinOffered, PreferencesChanged, UnlockFailed
from agent_app.store.pin import LIFE
from tests.engine.world import PASSPHRASE, Desk, World, played

PIN = "480213"


async def locked(desk: Desk) -> int:
    """Locks it; until when the PIN reopens it."""
    desk.events.clear()
    desk.do(Lock())
    await desk.until(lambda d: d.told(PinOffered), "the lock")
    return desk.told(PinOffered)[-1].until


async def unlocked(desk: Desk, by: Unlock | UnlockByPin) -> None:
    desk.events.clear()
    desk.do(by)
    await desk.until(lambda d: any(e.phase is Phase.UNLOCKED for e in d.told(PhaseChanged)), "the desk")


async def refused(desk: Desk, pin: str) -> str:
    desk.events.clear()
    desk.do(UnlockByPin(pin))
    await desk.until(lambda d: d.told(UnlockFailed), "a refusal")
    told = desk.told(UnlockFailed)[-1].notice
    return f"{told.means} {told.action}"


@played
async def test_a_pin_reopens_for_ten_minutes_and_no_longer(world: World) -> None:
    ada = await world.desk("ada")
    assert await locked(ada) == 0
    await refused(ada, PIN)  # none is set
    before = world.clock()
    await unlocked(ada, Unlock(PASSPHRASE))
    begun = world.clock()
    ada.do(SetPin("1111"))
    await ada.until(lambda d: d.notices(), "the refusal of a PIN that would be tried first")
    ada.do(SetPin(PIN))
    await ada.until(lambda d: d.told(PreferencesChanged) and d.told(PreferencesChanged)[-1].pin, "the PIN")
    ends = await locked(ada)
    assert before <= ends - LIFE <= begun
    assert ada.engine.holds_no_keys
    await unlocked(ada, UnlockByPin(PIN))
    assert ada.audited("unlock")[-1].arguments == ("pin",)
    assert await locked(ada) == ends  # a PIN begins no new ten minutes
    world.clock.ahead += LIFE
    assert "passphrase" in await refused(ada, PIN)
    await unlocked(ada, Unlock(PASSPHRASE))
    assert ada.audited("unlock")[-1].arguments == ()


@played
async def test_three_wrong_pins_a_restart_and_its_removal_end_it(world: World) -> None:
    ada = await world.desk("ada")
    await ada.restart()
    ada.do(SetPin(PIN))
    await ada.until(lambda d: d.told(PreferencesChanged)[-1:] == [PreferencesChanged(True, False, True)], "the PIN")
    assert await locked(ada) > 0
    for _ in range(3):
        await refused(ada, "9753")
    assert ada.told(PinOffered)[-1].until == 0
    assert "passphrase" in await refused(ada, PIN)
    world.clock.ahead += 60_000
    await unlocked(ada, Unlock(PASSPHRASE))
    assert len(ada.audited("unlock-failed")) == 3
    assert await locked(ada) > 0
    await ada.crash()
    ada.start()
    assert "passphrase" in await refused(ada, PIN)
    await unlocked(ada, Unlock(PASSPHRASE))
    ada.do(SetPin(""))
    await ada.until(lambda d: not d.told(PreferencesChanged)[-1].pin, "its removal")
    assert await locked(ada) == 0
