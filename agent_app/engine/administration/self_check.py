"""The self-check: a demo patient writes through the real relay, this desk answers, and every proof is looked at."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from agent_app.engine import notices
from agent_app.engine.administration.demo_patient import DemoPatient
from agent_app.engine.administration.news import SelfCheckProgressed
from agent_app.engine.administration.notebook import Refused
from agent_app.engine.commands import Command, SendText
from agent_app.engine.conversations import Conversations
from agent_app.engine.desk import Desk
from agent_app.engine.membership import Membership
from agent_app.engine.sentence import Sentence
from agent_app.protocol import events
from agent_app.protocol.errors import ProtocolError
from agent_app.protocol.keys import ConversationId, MessageId
from agent_app.relay.errors import RelayError
from agent_app.store.deliveries import Step
from agent_app.store.errors import StoreError

if TYPE_CHECKING:
    from httpx import AsyncBaseTransport

_PATIENCE = 45.0  # seconds for each step
_LOOK = 0.1  # seconds between two looks

STEPS = ("relay", "patient", "received", "answered", "receipts", "ended")


class SelfCheck:
    """One run. `say` does what the window asks of the desk; `tell` is given each step once it is proven."""

    def __init__(
        self,
        desk: Desk,
        membership: Membership,
        conversations: Conversations,
        say: Callable[[Command], Awaitable[None]],
        network: "AsyncBaseTransport | None",
    ) -> None:
        self._desk = desk
        self._membership = membership
        self._conversations = conversations
        self._say = say
        self._network = network

    async def run(self) -> None:
        """Green only at the very end; what fails says which step did."""
        done: list[str] = []

        def proven(step: str) -> None:
            done.append(step)
            self._desk.emit(SelfCheckProgressed(tuple(done), ok=step == STEPS[-1]))

        self._desk.emit(SelfCheckProgressed((), ok=False))
        try:
            await self._check(proven)
        except (Refused, ProtocolError, RelayError, StoreError) as error:
            self._desk.emit(SelfCheckProgressed(tuple(done), ok=False, failure=notices.told(error)))

    async def _check(self, proven: Callable[[str], None]) -> None:
        patient = DemoPatient(
            self._membership.log, self._desk.local.certificate, self._desk.clock, self._desk.random, self._network
        )
        try:
            await patient.come_in()
            proven("relay")
            conversation = await patient.open()
            listening = asyncio.create_task(patient.listen())
            try:
                await self._talk(patient, conversation, proven)
            finally:
                listening.cancel()
                await asyncio.wait([listening])
        finally:
            with suppress(RelayError):
                await patient.close()

    async def _talk(self, patient: DemoPatient, conversation: ConversationId, proven: Callable[[str], None]) -> None:
        asked, answer = self._text("Self-check"), self._text("Self-check answered")
        question = await patient.write(events.Text(asked))
        proven("patient")
        await self._until(
            lambda: self._holds(question, asked), Sentence("The demo patient's message did not reach this desk.")
        )
        proven("received")
        await self._say(SendText(conversation, answer))
        await self._until(
            lambda: _heard(patient, answer), Sentence("The desk's answer did not reach the demo patient.")
        )
        proven("answered")
        await self._until(
            lambda: question in patient.delivered and self._was_delivered(_heard(patient, answer)),
            Sentence("The receipts for the two messages did not come."),
        )
        proven("receipts")
        await patient.write(events.Retract(question, patient.hash_of(question)))
        await patient.write(events.Ended())
        await self._until(lambda: self._is_ended(conversation), Sentence("The conversation could not be ended."))
        proven("ended")

    def _text(self, words: str) -> str:
        """Other ones at each run: an old answer proves nothing."""
        return f"{words} {self._desk.random(8).hex()}"

    def _holds(self, message: MessageId, text: str) -> bool:
        event = self._desk.store.events.by_message_id(message)
        return event is not None and self._conversations.transcript.row(event).text == text

    def _was_delivered(self, message: MessageId | None) -> bool:
        event = self._desk.store.events.by_message_id(message) if message is not None else None
        copies = self._desk.store.deliveries.outgoing_of(event.hash) if event is not None else ()
        return any(copy.step is Step.DELIVERED and copy.accepted is not None for copy in copies)

    def _is_ended(self, conversation: ConversationId) -> bool:
        stored = self._desk.store.conversations.get(conversation)
        return stored is not None and stored.status == "ended"

    async def _until(self, condition: Callable[[], object], otherwise: Sentence) -> None:
        try:
            async with asyncio.timeout(_PATIENCE):
                while not condition():  # noqa: ASYNC110 - the store tells nobody; it is looked at
                    await asyncio.sleep(_LOOK)
        except TimeoutError as error:
            raise Refused(
                Sentence("{what} Look at the connection at the foot of the window, then try again.", what=otherwise)
            ) from error


def _heard(patient: DemoPatient, text: str) -> MessageId | None:
    return next(
        (
            m.content.message
            for m in patient.heard
            if isinstance(m.content.event, events.Text) and m.content.event.text == text
        ),
        None,
    )
