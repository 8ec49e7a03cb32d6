"""Administration on behalf of the window: one method an act, answered by news. It knows no window and no Qt."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, suppress
from typing import TYPE_CHECKING, Any

from agent_app.engine import notices
from agent_app.engine.administration import acts, news, opening, recovery
from agent_app.engine.administration.clinic import Administration, found, named_relay, reached
from agent_app.engine.administration.kit import SHEET_WORDS, Kit, Sheet, join
from agent_app.engine.administration.notebook import Notebook, Refused
from agent_app.engine.clinic_address import REQUEST_PREFIX, ClinicAddress, from_text, to_text
from agent_app.engine.profile import Profile
from agent_app.engine.sentence import Sentence
from agent_app.engine.shift import Shift
from agent_app.engine.uninterrupted import uninterrupted
from agent_app.engine.unlocking import Surroundings
from agent_app.protocol.errors import ProtocolError, SpokenError
from agent_app.protocol.keys import DeviceId
from agent_app.relay.errors import RelayError
from agent_app.store.key_material import AdminSecrets
from agent_app.store.passphrase import eff_long, require_strength
from agent_app.store.vault import Vault
from agent_app.transparency import enrolment, fingerprint, freshness, statement
from agent_app.transparency.log import ClinicLog
from agent_app.transparency.statement import Action, Policy, PolicyChange, Revocation, RoleChange, Team

if TYPE_CHECKING:
    from httpx import AsyncBaseTransport

ASKED_OF_A_SHEET = 4


def office_profile(desk: Profile) -> Profile:
    """Where the command line finds it too: `admin` beside `default`, `NAME-admin` beside any other."""
    return Profile(desk.data, "admin" if desk.name == "default" else f"{desk.name[:26]}-admin")


class Office:
    """Owns the administrator's key while it is unlocked: for the acts between UnlockAdministration and the next lock.

    Lives on the engine's thread. `shift` gives the unlocked desk, if there is one.
    """

    def __init__(
        self, surroundings: Surroundings, network: "AsyncBaseTransport | None", shift: Callable[[], Shift | None]
    ) -> None:
        self._around = surroundings
        self._network = network
        self._shift = shift
        self._profile = office_profile(surroundings.profile)
        self._notebook = Notebook(self._profile.folder)
        self._secrets: AdminSecrets | None = None
        self._sheets: tuple[Sheet, Sheet] | None = None
        self._asked: tuple[tuple[int, int], ...] = ()
        self._one_at_a_time = asyncio.Lock()
        self._methods: dict[type, Callable[[Any], Awaitable[None]]] = {
            acts.CheckRelay: self._check_relay,
            acts.FoundClinic: self._found,
            acts.UnlockAdministration: self._unlock,
            acts.LockAdministration: self._lock,
            acts.MakeKit: self._make_kit,
            acts.RenewKit: self._renew_kit,
            acts.ConfirmKit: self._confirm_kit,
            acts.ReadRequest: self._read_request,
            acts.ApproveDevice: self._approve,
            acts.RevokeDevice: self._revoke,
            acts.ChangeRole: self._change_role,
            acts.SetTeam: self._set_team,
            acts.ChangePolicy: self._change_policy,
            acts.TellHours: self._tell_hours,
            acts.VouchForLog: self._vouch,
            acts.RecoverAdministration: self._recover,
            acts.RunSelfCheck: self._self_check,
        }

    async def do(self, act: acts.Act) -> None:
        async with self._one_at_a_time:
            try:
                await self._methods[type(act)](act)
            except (Refused, SpokenError) as error:
                self._fail(act, notices.told(error), error.code)
            except OSError as error:
                self._fail(act, notices.told_of_file(error), notices.FILE)
            except ValueError:
                self._fail(act, _FORM)

    def _fail(self, act: acts.Act, means: Sentence, code: str = "") -> None:
        self._around.emit(news.ActFailed(_FAILED.get(type(act), "This did not succeed."), means, code))

    def lock(self) -> None:
        """Drops the key and the sheets."""
        if self._secrets is not None:
            self._secrets.wipe()
        self._secrets, self._sheets, self._asked = None, None, ()

    async def tell(self) -> None:
        """How far this profile's administration has come. Raises VaultError."""
        known = await asyncio.to_thread(lambda: self._vault().exists())
        charter = self._notebook.charter() if known else None
        if charter is None:  # a charter whose keys never reached the keyring is buried by the next founding
            self._around.emit(news.AdministrationChanged(news.Stage.NONE))
            return
        address, log = self._notebook.address(), ClinicLog(charter)
        begun = self._notebook.seen() is None or self._notebook.founding() is not None
        stage = news.Stage.BEGUN if begun else news.Stage.FOUNDED
        self._around.emit(
            news.AdministrationChanged(
                stage,
                log.roster.name,
                address.text(),
                fingerprint.to_text(log.clinic),
                self._notebook.kit_pending,
                self._secrets is not None,
                f"{address.origin}/",
            )
        )

    # Founding

    async def _check_relay(self, act: acts.CheckRelay) -> None:
        try:
            await named_relay(act.origin, self._around.clock, self._network)
        except (Refused, RelayError, ProtocolError) as error:
            self._around.emit(news.RelayChecked(act.origin, notices.told(error)))
        else:
            self._around.emit(news.RelayChecked(act.origin))

    async def _found(self, act: acts.FoundClinic) -> None:
        """The keyring last: whatever is cut off before it is noise, and whatever comes after it is finished later."""
        vault, random = self._vault(), self._around.random
        if await asyncio.to_thread(vault.exists):
            raise Refused("This profile administers a clinic already. Unlock it with its passphrase.")
        require_strength(act.passphrase, [act.name])
        hours = opening.parse(act.hours, (), act.time_zone) if act.hours else None
        relay = await named_relay(act.relay, self._around.clock, self._network)
        kit = Kit(random(32))
        secrets = kit.administrator(0, random(16))
        founding = found(act.name, act.time_zone, relay, secrets, kit.recipient, self._around.clock())
        self._notebook.forget_seen()
        self._notebook.found(ClinicAddress(relay.origin, founding.clinic), founding.charter)
        self._notebook.begin_founding(hours)
        self._notebook.keep_kit(kit.seed, secrets, random)
        await uninterrupted(vault.create, secrets, act.passphrase)
        self._secrets = secrets
        await self._finish()

    async def _unlock(self, act: acts.UnlockAdministration) -> None:
        vault = self._vault()
        secrets = await asyncio.to_thread(vault.open, act.passphrase, self._around.clock())
        self.lock()
        self._secrets = secrets
        await self._finish()

    async def _finish(self) -> None:
        """What of a founding is not at the relay yet; to post the charter twice is harmless."""
        charter, begun = self._notebook.charter(), self._notebook.founding()
        if charter is not None and (begun is not None or self._notebook.seen() is None):
            async with self._clinic() as clinic:
                await clinic.found(charter)
                log = await clinic.read()
                if begun is not None and (hours := begun.hours) is not None and log.roster.hours is None:
                    await clinic.append(lambda _: hours, self._key())
                else:
                    await clinic.cosign(log, self._key())
            self._notebook.end_founding()
        await self.tell()

    async def _lock(self, _act: acts.LockAdministration) -> None:
        self.lock()
        await self.tell()

    # The kit

    async def _make_kit(self, _act: acts.MakeKit) -> None:
        """Sheets drawn anew at each call: only those that were made together fit, so the words asked are theirs."""
        seed = self._notebook.kit(self._key())
        if seed is None:
            raise Refused("The recovery kit was confirmed before, and is on paper only.")
        self._show_kit(Kit(seed))

    async def _renew_kit(self, act: acts.RenewKit) -> None:
        kit = join(act.first, act.second)
        if kit.recipient.public != ClinicLog(self._notebook.charter() or b"").roster.audit_recipient:
            raise Refused("These two sheets are another clinic's kit. Look for this clinic's name on the paper.")
        self._show_kit(kit)

    def _show_kit(self, kit: Kit) -> None:
        self._sheets = kit.sheets(self._around.random)
        self._asked = tuple((sheet, place) for sheet in (1, 2) for place in self._places())
        address = self._notebook.address()
        name = ClinicLog(self._notebook.charter() or b"").roster.name
        words = self._sheets[0].words, self._sheets[1].words
        code = fingerprint.to_text(address.clinic)
        self._around.emit(news.KitMade(name, code, address.text(), words, self._asked))

    def _places(self) -> list[int]:
        """Four different places of a sheet, from 1, in order."""
        ranked = sorted(range(1, SHEET_WORDS + 1), key=lambda _: self._around.random(8))
        return sorted(ranked[:ASKED_OF_A_SHEET])

    async def _confirm_kit(self, act: acts.ConfirmKit) -> None:
        if self._sheets is None:
            raise Refused("Print the recovery kit first.")
        right = [self._sheets[sheet - 1].words[place - 1] for sheet, place in self._asked]
        given = [answer.strip().lower() for answer in act.answers]
        given += [""] * (len(right) - len(given))
        wrong = tuple(index for index, word in enumerate(right) if given[index] != word)
        if wrong:
            self._around.emit(news.KitRefused(wrong))
            return
        self._notebook.drop_kit()
        self._sheets, self._asked = None, ()
        self._around.emit(news.KitConfirmed())
        await self.tell()

    # Devices and policy

    async def _read_request(self, act: acts.ReadRequest) -> None:
        said, raw = _said(act.words), b""
        if act.request:
            raw = from_text(REQUEST_PREFIX, act.request)
        elif (shift := self._shift()) is not None and shift.membership.own_role() == "administrator":
            raw = await shift.overview.waiting.find(said)
        else:
            raise Refused("This workstation cannot see who waits. Paste the request that the new one shows.")
        asked = enrolment.parse(raw)
        if enrolment.words(raw, eff_long()) != said:
            raise Refused("Its screen shows other words: somebody may have exchanged the request. Approve nothing yet.")
        self._around.emit(news.RequestRead(act.words, REQUEST_PREFIX + to_text(raw), asked.name))

    async def _approve(self, act: acts.ApproveDevice) -> None:
        raw = from_text(REQUEST_PREFIX, act.request)
        asked = enrolment.parse(raw)
        role = _role(act.role)
        if (shift := self._shift()) is not None:
            shift.membership.expect(asked)
        log = await self._append(lambda _: enrolment.admission(asked, role))
        member = next(m for m in log.roster.members.values() if m.certificate.encoded == asked.certificate)
        self._around.emit(news.DeviceApproved(asked.name, role, member.id))
        self._tell_second(log, member.admitted - 1)
        if (shift := self._shift()) is not None:
            await shift.overview.waiting.admitted(enrolment.words(raw, eff_long()))

    async def _revoke(self, act: acts.RevokeDevice) -> None:
        reasons: dict[str, statement.Reason] = {"stolen": "stolen", "left": "left", "replaced": "replaced"}
        if act.reason not in reasons:
            raise Refused("Choose why: stolen, left or replaced.")
        await self._append(lambda _: Revocation(DeviceId(act.device), reasons[act.reason]))
        if (shift := self._shift()) is not None and shift.membership.own_role() is not None:
            shift.overview.put_back(DeviceId(act.device))

    async def _change_role(self, act: acts.ChangeRole) -> None:
        log = await self._append(lambda _: RoleChange(DeviceId(act.device), _role(act.role)))
        self._tell_second(log, log.size - 1)

    def _tell_second(self, log: ClinicLog, size: int) -> None:
        """Where the statement at that size has made two of the people whose word is needed out of one."""
        before = ClinicLog.replay(log.statements[:size])
        if freshness.quorum(log) > freshness.quorum(before):
            self._around.emit(news.SecondNeeded())

    async def _set_team(self, act: acts.SetTeam) -> None:
        devices = tuple(DeviceId(device) for device in act.devices)

        def action(log: ClinicLog) -> Action:
            """A team is called by its members' names: a second one of the same would be the first again."""
            same = (team for team, members in log.roster.teams.items() if members == devices)
            return Team(act.team or next(same, b"") or self._around.random(16), devices)

        await self._append(action)

    async def _change_policy(self, act: acts.ChangePolicy) -> None:
        policy = Policy(
            act.idle_lock_seconds,
            act.retention_days,
            act.read_receipts,
            act.history_to_new_devices,
            act.warn_hours,
            act.stop_hours,
        )
        await self._append(lambda _: PolicyChange(policy))

    async def _tell_hours(self, act: acts.TellHours) -> None:
        told = opening.parse(act.days, opening.dates(act.closed), act.time_zone)
        await self._append(lambda _: told)

    async def _vouch(self, _act: acts.VouchForLog) -> None:
        async with self._clinic() as clinic:
            await clinic.cosign(await clinic.read(), self._key())
        await self._refresh_desk()
        self._around.emit(news.LogVouched())

    async def _append(self, action: Callable[[ClinicLog], Action]) -> ClinicLog:
        secrets = self._key()
        async with self._clinic() as clinic:
            log = await clinic.append(action, secrets)
        await self._refresh_desk()
        self._around.emit(news.LogGrew(log.size))
        return log

    async def _refresh_desk(self) -> None:
        """It would hear of it from the relay soon, but what follows must go by the new log. A desk that waits for its
        own admission hears of it in its own time, for it has keys to publish before it is open."""
        if (shift := self._shift()) is not None and shift.membership.own_role() is not None:
            with suppress(RelayError):
                await shift.membership.refresh(shift.relay)

    # Recovery and self-check

    async def _recover(self, act: acts.RecoverAdministration) -> None:
        require_strength(act.passphrase)
        kit = join(act.first, act.second)
        address = ClinicAddress.parse(act.address) if act.address else self._notebook.address()
        async with reached(self._notebook, address, self._around.clock, self._network) as clinic:
            log = await recovery.recover(clinic, self._notebook, address, self._vault(), kit, act.passphrase)
        self.lock()
        await self.tell()  # first: whoever goes on from here needs the clinic's address
        self._around.emit(news.AdministrationRecovered(log.roster.name))

    async def _self_check(self, _act: acts.RunSelfCheck) -> None:
        shift = self._shift()
        if shift is None or shift.membership.own_role() is None:
            raise Refused("This workstation is not approved yet. Approve it, then check again.")
        await shift.check_itself(self._network)

    # Together

    def _vault(self) -> Vault[AdminSecrets]:
        self._profile.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        around = self._around
        return Vault(AdminSecrets, self._profile.name, self._profile.folder, around.keyring, around.cost)

    def _key(self) -> AdminSecrets:
        if self._secrets is None:
            raise Refused("The administrator's key is locked. Type its passphrase first.")
        return self._secrets

    def _clinic(self) -> AbstractAsyncContextManager[Administration]:
        return reached(self._notebook, self._notebook.address(), self._around.clock, self._network)


def _said(text: str) -> tuple[str, ...]:
    """Raises Refused."""
    said = tuple(text.lower().split())
    known = set(eff_long())
    for word in said:
        if word not in known:
            raise Refused(
                Sentence("“{word}” is none of the words that a screen shows. Check how it is spelt.", word=word)
            )
    if len(said) != enrolment.WORD_COUNT:
        raise Refused("Type all six words that its screen shows, with a space between them.")
    return said


def _role(text: str) -> statement.Role:
    roles: dict[str, statement.Role] = {
        "agent": "agent",
        "supervisor": "supervisor",
        "administrator": "administrator",
        "auditor": "auditor",
    }
    if text not in roles:
        raise Refused("Choose one of the roles agent, supervisor, administrator and auditor.")
    return roles[text]


_FORM = Sentence("Something that was typed does not fit. Look at each field, then try again.")
_FAILED: dict[type, str] = {
    acts.FoundClinic: "The clinic is not founded yet.",
    acts.UnlockAdministration: "The administrator's key was not opened.",
    acts.RenewKit: "No new sheets were made.",
    acts.ReadRequest: "This is no workstation's request.",
    acts.ApproveDevice: "The workstation was not approved.",
    acts.RevokeDevice: "The device was not revoked.",
    acts.ChangeRole: "The role was not changed.",
    acts.SetTeam: "The team was not changed.",
    acts.ChangePolicy: "The policy was not changed.",
    acts.TellHours: "The hours were not told.",
    acts.VouchForLog: "The clinic log was not vouched for.",
    acts.RecoverAdministration: "The administrator's key was not replaced.",
    acts.RunSelfCheck: "The self-check did not begin.",
}
