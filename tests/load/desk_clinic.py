"""A desk that has worked for years: its folder, its keys in the keyring, thousands of signed conversations."""

import os
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from agent_app.engine.administration.clinic import found
from agent_app.engine.profile import Profile
from agent_app.engine.writing import new_event
from agent_app.protocol import content
from agent_app.protocol.content import Content, LogHead, Message
from agent_app.protocol.events import Checked, Claim, Close, Event, Note, Open, PatientLabel, Text
from agent_app.protocol.keys import ConversationId, DeviceKeys, LocalDevice, MessageId
from agent_app.store.conversations import Conversation
from agent_app.store.events import Prominence, Standing
from agent_app.store.key_material import AdminSecrets, DeviceSecrets
from agent_app.store.rooms import Store
from agent_app.store.settings import Name
from agent_app.store.vault import MIB, Cost, Vault
from agent_app.transparency import statement
from agent_app.transparency.audit import RecipientSecret
from agent_app.transparency.enrolment import EnrolmentRequest, admission
from agent_app.transparency.log import ClinicLog
from agent_app.transparency.statement import Relay

PASSPHRASE = "anvil quartz harbour mitten ledger"
CHEAPEST = Cost(3, 64 * MIB)
NOW = 1_795_500_000_000
_MINUTE = 60_000
_WORDS = [
    "appointment",
    "Thursday",
    "morning",
    "results",
    "blood",
    "pressure",
    "prescription",
    "renew",
    "doctor",
    "knee",
    "señora",
    "fièvre",
    "niño",
    "school",
    "letter",
    "insurance",
    "form",
    "invoice",
    "please",
    "thank",
    "you",
    "tomorrow",
    "before",
    "after",
    "swollen",
    "ankle",
    "medicine",
    "pharmacy",
    "referral",
    "Núñez",
    "reschedule",
    "parking",
    "entrance",
    "fasting",
    "vaccine",
    "travel",
    "allergic",
    "rash",
    "photo",
    "better",
    "worse",
    "again",
    "since",
    "Monday",
]
_NAMES = ("Maria", "James", "Élodie", "Ben", "Ada", "Noor", "Søren", "Zoë", "Iván", "Grace")


@dataclass(frozen=True)
class Clinic:
    """Where it is, and how it is unlocked."""

    profile: Profile
    secrets: DeviceSecrets

    @property
    def vault(self) -> Vault[DeviceSecrets]:
        return Vault(DeviceSecrets, self.profile.name, self.profile.folder, cost=CHEAPEST)

    def open(self) -> Store:
        return Store.open(self.profile.folder, self.secrets.database_key, self.secrets.epoch_key)


def build(folder: Path, conversations: int, messages: int) -> Clinic:
    """Takes some 20 s for 5,000 conversations and 100,000 messages."""
    admin = AdminSecrets(os.urandom(32), os.urandom(32), os.urandom(16))
    relay = Relay(os.urandom(32), "http://127.0.0.1:1")  # nobody answers there
    recipient = RecipientSecret(os.urandom(32), os.urandom(64))
    founding = found("Riverside", "Europe/Berlin", relay, admin, recipient, NOW)
    keys = DeviceKeys.generate(os.urandom, cosigning=True)
    local = LocalDevice(keys, keys.certify(founding.clinic, "agent", NOW))
    secrets = DeviceSecrets(local, os.urandom(32), os.urandom(32))
    clinic = Clinic(Profile(folder, f"load-{os.urandom(4).hex()}"), secrets)
    store = Store.create(clinic.profile.folder, secrets.database_key, secrets.epoch_key)
    _fill(store, founding.charter, local, admin)
    each = messages // conversations
    chance = random.Random(7)
    for first in range(0, conversations, 500):
        with store.transaction():
            for number in range(first, min(first + 500, conversations)):
                _converse(store, local, number, each, chance)
    store.close()
    clinic.vault.create(secrets, PASSPHRASE)
    return clinic


def _fill(store: Store, charter: bytes, local: LocalDevice, admin: AdminSecrets) -> None:
    log = ClinicLog(charter)
    request = EnrolmentRequest(local.certificate.encoded, os.urandom(16), "Ana Ruiz", os.urandom(32))
    payload = statement.prepare(log.clinic, log.size, log.head.root, NOW, admission(request, "agent"))
    log.append(statement.assemble(payload, [statement.sign(payload, admin.admin)]))
    with store.transaction():
        store.settings.clinic = log.clinic
        store.settings.relay_origin = log.roster.relay.origin
        store.settings.learn_name(Name(local.device, "Ana Ruiz", request.salt, NOW))
        store.clinic_log.append(0, log.statements)


def _converse(store: Store, local: LocalDevice, number: int, messages: int, chance: random.Random) -> None:
    keys = DeviceKeys.generate(os.urandom)
    patient = LocalDevice(keys, keys.certify(local.certificate.core.clinic, "patient", NOW))
    conversation = ConversationId(content.conversation_id(patient.device, local.certificate.core.clinic, bytes(16)))
    writers = _Writers(conversation, local, patient, NOW - number * 10 * _MINUTE - messages * _MINUTE)
    shared, team = content.shared_stream(conversation), content.team_stream(conversation)
    store.conversations.open(Conversation(conversation, patient.device, shared, team, writers.time, "waiting", b""))
    for message, prominence in writers.write(number, messages, chance):
        store.events.add(new_event(message, conversation, Standing.ADMITTED, writers.time, prominence))
    if number % 50:
        store.conversations.mark_read(conversation, 2**60)


class _Writers:
    """Patient and agent of one conversation, with the chains of their streams."""

    def __init__(self, conversation: ConversationId, agent: LocalDevice, patient: LocalDevice, time: int) -> None:
        self._agent, self._patient, self.time = agent, patient, time
        self._streams = {
            "shared": content.shared_stream(conversation),
            "team": content.team_stream(conversation),
        }
        self._last: dict[tuple[str, bytes], Message] = {}
        self._clock = 0

    def write(self, number: int, messages: int, chance: random.Random) -> Iterator[tuple[Message, Prominence]]:
        open_ = Open(bytes(16), self._patient.certificate.encoded, 1, bytes(32))
        yield self._sign(self._patient, "shared", open_), Prominence.SHOWN
        yield self._sign(self._agent, "team", Checked(self._patient.device, "identifiers", True)), Prominence.SHOWN
        name = f"{_NAMES[number % 10]} {_WORDS[number % len(_WORDS)].title()}"
        yield self._sign(self._agent, "team", PatientLabel(name, ())), Prominence.HIDDEN
        if number % 10:
            yield self._sign(self._agent, "team", Claim()), Prominence.SHOWN
        for at in range(messages):
            said = " ".join(chance.choices(_WORDS, k=12))
            if at % 10 == 9:
                yield self._sign(self._agent, "team", Note(said)), Prominence.SHOWN
            elif at % 2:
                yield self._sign(self._agent, "shared", Text(said)), Prominence.SHOWN
            else:
                yield self._sign(self._patient, "shared", Text(said)), Prominence.COUNTED
        if number % 10 > 1:
            yield self._sign(self._agent, "team", Close("answered")), Prominence.SHOWN

    def _sign(self, author: LocalDevice, stream: str, event: Event) -> Message:
        self._clock += 1
        self.time += _MINUTE
        last = self._last.get((stream, author.device))
        said = Content(
            "SD1",
            self._streams[stream],
            MessageId(os.urandom(16)),
            author.device,
            (self._agent.device,),
            last.content.sequence + 1 if last else 1,
            last.hash if last else b"",
            (),
            self._clock,
            self.time,
            LogHead(2, bytes(32)),
            event,
        )
        self._last[stream, author.device] = message = content.sign(author, said)
        return message
