"""Who types, looks, answers and is there, as far as signals tell (docs/protocol.md, section 22)."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any

from agent_app.engine import commands
from agent_app.engine.conversations import Conversations
from agent_app.engine.desk import Desk
from agent_app.engine.events import ActivityChanged, ColleaguePresence, PresenceChanged
from agent_app.engine.membership import Membership
from agent_app.engine.signals import Signals
from agent_app.protocol import signal
from agent_app.protocol.keys import Certificate, ConversationId, DeviceId
from agent_app.protocol.signal import Signal, State
from agent_app.store.conversations import Conversation
from agent_app.transparency import opening_hours

TYPING_EVERY, SILENCE = 10_000, 15_000  # milliseconds
VIEWING_EVERY, PRESENCE_EVERY = 30_000, 50_000
_TICK = 0.5  # seconds
_Hints = dict[DeviceId, tuple[ConversationId, int]]  # where, and until when to believe it


class Activity:
    """Lives on the engine's thread, in memory only. Says each change once."""

    def __init__(self, desk: Desk, membership: Membership, conversations: Conversations, signals: Signals) -> None:
        self._desk = desk
        self._membership = membership
        self._conversations = conversations
        self._signals = signals
        self._typing: _Hints = {}  # by the patient's device
        self._viewing: _Hints = {}
        self._replying: _Hints = {}
        self._presence: dict[DeviceId, tuple[State, int]] = {}
        self._shown: dict[ConversationId, ActivityChanged] = {}
        self._shown_presence: PresenceChanged | None = None
        self.state: State = "available"
        self._state_told = 0
        self._open: Conversation | None = None
        self._open_told = 0
        self._writing: Conversation | None = None
        self._last_key = 0
        self._writing_told = 0
        self.methods: dict[type, Callable[[Any], Awaitable[None]]] = {
            commands.Typing: self._on_typing,
            commands.ViewConversation: self._on_view,
            commands.SetPresence: self._on_presence,
        }
        self.left: Callable[[DeviceId], None] = lambda device: None
        self.untold: Callable[[DeviceId], None] = lambda patient: None
        signals.told = self._told
        signals.met = self._met
        signals.dropped = self._dropped

    # This desk

    async def _on_typing(self, command: commands.Typing) -> None:
        stored = self._desk.store.conversations.get(ConversationId(command.conversation))
        if not command.on:
            self._stop_writing()
        elif stored is not None and not self._conversations.is_over(stored):
            now = self._desk.clock()
            if self._writing is None or self._writing.id != stored.id:
                self._stop_writing()
                self._writing, self._writing_told = stored, 0
            self._last_key = now
            if now - self._writing_told >= TYPING_EVERY:
                self._writing_told = now
                self._tell_writing(stored, on=True)

    def _stop_writing(self) -> None:
        if self._writing is not None:
            self._tell_writing(self._writing, on=False)
            self._writing = None

    def _tell_writing(self, stored: Conversation, *, on: bool) -> None:
        self._signals.say(signal.Typing(stored.shared, on), [stored.patient])
        self._signals.say(signal.Replying(stored.shared, on), self._colleagues())

    async def _on_view(self, command: commands.ViewConversation) -> None:
        here = command.conversation
        self.view(None if here is None else self._desk.store.conversations.get(ConversationId(here)))

    def view(self, stored: Conversation | None) -> None:
        self._open = stored
        self._tell_view()

    def _tell_view(self) -> None:
        self._open_told = self._desk.clock()
        self._signals.say(signal.Viewing(self._open.shared if self._open else None), self._colleagues())

    async def _on_presence(self, command: commands.SetPresence) -> None:
        self.state = "available" if command.available else "away"
        self._tell_presence()
        self._show_presence()

    def _tell_presence(self, *, everybody: bool = False) -> None:
        self._state_told = self._desk.clock()
        self._signals.say(signal.Presence(self.state), self._colleagues(), everybody=everybody)

    async def farewell(self) -> None:
        await self._signals.farewell(signal.Presence("offline"), self._colleagues())

    def _colleagues(self) -> tuple[DeviceId, ...]:
        return tuple(member.id for member in self._membership.colleagues())

    # The others

    def _told(self, sender: Certificate, told: Signal) -> None:
        now = self._desk.clock()
        match told.hint:
            case signal.Typing(stream=stream, on=on):
                self._note(self._typing, sender, stream if on else None, told.ends(now), of_patient=True)
            case signal.Viewing(stream=stream):
                self._note(self._viewing, sender, stream, told.ends(now))
            case signal.Replying(stream=stream, on=on):
                self._note(self._replying, sender, stream if on else None, told.ends(now))
            case signal.Presence(state=state):
                self._heard_presence(sender.device, state, told.ends(now))
        self._show(now)

    def _note(
        self, hints: _Hints, sender: Certificate, stream: bytes | None, ends: int, *, of_patient: bool = False
    ) -> None:
        """A patient says something of their own conversation only; nobody, of what is not here."""
        hints.pop(sender.device, None)
        stored = self._desk.store.conversations.of_stream(stream) if stream else None
        if stored is None or stored.shared != stream or (of_patient and stored.patient != sender.device):
            return
        hints[sender.device] = (stored.id, ends)

    def has_written(self, device: DeviceId) -> None:
        """What was being written is here. The word that it ended may be lost on the way, as every hint."""
        self._typing.pop(device, None)
        self._replying.pop(device, None)
        self._show(self._desk.clock())

    def _met(self, device: DeviceId) -> None:
        if device in self._colleagues():
            self._signals.say(signal.Presence(self.state), [device])
        else:
            self.untold(device)

    def _dropped(self, hint: signal.Hint, devices: Sequence[DeviceId]) -> None:
        """What nobody heard counts as not told: the next key, and the queue's next look, tell it."""
        match hint:
            case signal.Typing() if devices:
                self._writing_told = 0
            case signal.Queue():
                for device in devices:
                    self.untold(device)

    def _heard_presence(self, device: DeviceId, state: State, ends: int) -> None:
        if device not in self._presence and state != "offline":  # it has just come, and does not know that we are here
            self._signals.say(signal.Presence(self.state), [device])
        self._presence[device] = (state, ends)
        if state == "offline":
            del self._presence[device]
            self.left(device)
            self._viewing.pop(device, None)
            self._replying.pop(device, None)

    def available(self) -> Iterable[DeviceId]:
        """The colleagues' devices that are there, as far as is known."""
        return (device for device, (state, _) in self._presence.items() if state == "available")

    # Time

    async def run(self) -> None:
        """Until cancelled."""
        self._tell_presence(everybody=True)
        while True:
            self._repeat(self._desk.clock())
            self._show(self._desk.clock())
            await asyncio.sleep(_TICK)

    def _repeat(self, now: int) -> None:
        if self._writing is not None and now - self._last_key >= SILENCE:
            self._stop_writing()
        if self._open is not None and now - self._open_told >= VIEWING_EVERY:
            self._tell_view()
        if now - self._state_told >= PRESENCE_EVERY:
            self._tell_presence()

    def _show(self, now: int) -> None:
        for hints in (self._typing, self._viewing, self._replying):
            for device in [device for device, (_, ends) in hints.items() if ends <= now]:
                del hints[device]
        for device in [device for device, (_, ends) in self._presence.items() if ends <= now]:
            del self._presence[device]
        busy = {place for hints in (self._typing, self._viewing, self._replying) for place, _ in hints.values()}
        for conversation in busy | set(self._shown):
            self._show_one(conversation)
        self._show_presence()

    def _show_one(self, conversation: ConversationId) -> None:
        def names(hints: _Hints) -> tuple[str, ...]:
            return tuple(
                sorted(self._membership.name_of(d) for d, (place, _) in hints.items() if place == conversation)
            )

        typing = any(place == conversation for place, _ in self._typing.values())
        now = ActivityChanged(conversation, typing, names(self._viewing), names(self._replying))
        nothing = ActivityChanged(conversation, patient_typing=False)
        if self._shown.get(conversation, nothing) != now:
            self._desk.emit(now)
        self._shown[conversation] = now
        if now == nothing:
            del self._shown[conversation]

    def _show_presence(self) -> None:
        colleagues = tuple(
            ColleaguePresence(member.id, self._membership.name_of(member.id), self._state_of(member.id))
            for member in self._membership.colleagues()
        )
        now = PresenceChanged(self.state == "available", colleagues, self._clinic_open())
        if now != self._shown_presence:
            self._shown_presence = now
            self._desk.emit(now)

    def _clinic_open(self) -> bool | None:
        hours = self._membership.roster.hours
        there = opening_hours.wall_time(hours.time_zone, self._desk.clock()) if hours else None
        return opening_hours.standing(hours, there).is_open if hours and there else None

    def _state_of(self, device: DeviceId) -> str:
        return self._presence.get(device, ("offline", 0))[0]
