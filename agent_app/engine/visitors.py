"""Visitors whom nobody has answered: no receipt tells them when a desk is awake (docs/protocol.md, section 13.3)."""

from enum import Enum

from agent_app.engine.conversations import Conversations
from agent_app.engine.desk import Desk
from agent_app.engine.peers import Peers


class Fate(Enum):
    """What becomes of the receipts for a sender."""

    SEND = "send"
    HOLD = "hold"  # the envelopes stay at the relay
    DROP = "drop"  # the envelopes are discarded there, and nobody hears of it


class Visitors:
    """Says what a sender may learn. Nothing is remembered: a restart changes no answer."""

    def __init__(self, desk: Desk, peers: Peers, conversations: Conversations) -> None:
        self._desk = desk
        self._peers = peers
        self._conversations = conversations

    def fate(self, sender: bytes) -> Fate:
        """Of the mailbox `sender` as a whole: its receipts are one chain, and an answer anywhere lets all of it go."""
        certificate = self._peers.by_mailbox(sender)
        if certificate is None:
            return Fate.HOLD
        if certificate.core.kind == "agent":
            return Fate.SEND
        theirs = self._desk.store.conversations.of_patient(certificate.device)
        if any(self._conversations.is_answered(one) for one in theirs):
            return Fate.SEND
        return Fate.DROP if theirs and all(self._conversations.is_over(one) for one in theirs) else Fate.HOLD
