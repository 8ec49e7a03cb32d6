"""Who is calling: docs/protocol.md, 16.2 and 16.3.

A mailbox proves its key over this relay's origin and a fresh challenge, and gets a short token. Tokens and challenges
live in memory only: a restart forgets them, and clients prove themselves again.
"""

import base64
import secrets
import time
from collections import OrderedDict
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

from relay_server import clock, wire
from relay_server.directory import Mailbox
from relay_server.problems import MailboxUnbound, NotPermitted, ProofInvalid, Revoked, TokenInvalid
from relay_server.signing import verify
from relay_server.wire import MailboxId, Scope

CHALLENGE_LIFE: Final = 60.0
TOKEN_LIFE: Final[dict[Scope, float]] = {"full": 15 * 60.0, "count": 8 * 3_600.0}
_CHALLENGES: Final = 100_000
_TOKENS: Final = 400_000
_TOKENS_A_MAILBOX: Final = 8


@dataclass(slots=True, eq=False)
class Session:
    """A token's holder. `mailbox` is None until it is bound to a clinic; `expires` is on the monotonic clock."""

    key: MailboxId
    scope: Scope
    expires: float
    mailbox: Mailbox | None
    digest: bytes

    def bound(self) -> Mailbox:
        """Raises MailboxUnbound, or Revoked."""
        if self.mailbox is None:
            raise MailboxUnbound("This mailbox belongs to no clinic here.")
        if not self.mailbox.active:
            raise Revoked("This device was revoked.")
        return self.mailbox


class Sessions:
    """Challenges and tokens. Lives on the event loop."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self._challenges: OrderedDict[bytes, tuple[MailboxId, float]] = OrderedDict()
        self._sessions: OrderedDict[bytes, Session] = OrderedDict()
        self._of_mailbox: dict[MailboxId, list[Session]] = {}

    def challenge(self, mailbox: bytes) -> bytes:
        challenge = secrets.token_bytes(32)
        self._challenges[challenge] = (MailboxId(mailbox), time.monotonic() + CHALLENGE_LIFE)
        if len(self._challenges) > _CHALLENGES:
            self._challenges.popitem(last=False)
        return challenge

    def check(self, request: wire.TokenRequest) -> None:
        """Uses the challenge up. Raises ProofInvalid."""
        mailbox, until = self._challenges.pop(request.challenge, (None, 0.0))
        if mailbox != request.mailbox or time.monotonic() > until:
            raise ProofInvalid("The challenge is unknown, used, or older than 60 seconds.")
        fields = (self.origin, request.challenge, request.scope)
        if not verify(request.mailbox, request.signature, "relay-auth", *fields):
            raise ProofInvalid("The signature is not of this mailbox's key over this relay's origin and challenge.")

    def open(self, key: MailboxId, scope: Scope) -> tuple[Session, str, int]:
        """The session, its token, and when that expires in milliseconds since 1970. It is bound to no mailbox yet."""
        token = base64.urlsafe_b64encode(secrets.token_bytes(32)).rstrip(b"=")
        life = TOKEN_LIFE[scope]
        session = Session(key, scope, time.monotonic() + life, None, _digest(token))
        self._keep(session)
        return session, token.decode(), clock.now() + int(life * 1000)

    def of(self, authorization: bytes | None, scope: Scope = "full") -> Session:
        """The holder of `Bearer <token>`. Raises TokenInvalid, or NotPermitted for a token of a lesser scope."""
        if authorization is None or not authorization.startswith(b"Bearer "):
            raise TokenInvalid("This needs a bearer token.")
        session = self._sessions.get(_digest(authorization[7:]))
        if session is None or session.expires < time.monotonic():
            raise TokenInvalid("The token is unknown, expired or revoked.")
        if session.scope != scope and session.scope != "full":
            raise NotPermitted("This token may only count.")
        return session

    def check_alive(self, session: Session) -> None:
        """After a pause in which the session may have been revoked. Raises TokenInvalid."""
        if session.digest not in self._sessions:
            raise TokenInvalid("The token is expired or revoked.")

    def bind(self, mailbox: Mailbox) -> None:
        """The mailbox's tokens, old ones too, now act for it."""
        for session in self._of_mailbox.get(mailbox.key, ()):
            session.mailbox = mailbox

    def revoke(self, key: MailboxId) -> None:
        for session in list(self._of_mailbox.get(key, ())):
            self.end(session)

    def expire(self) -> None:
        now = time.monotonic()
        for session in [s for s in self._sessions.values() if s.expires < now]:
            self.end(session)
        while self._challenges and next(iter(self._challenges.values()))[1] < now:
            self._challenges.popitem(last=False)

    def _keep(self, session: Session) -> None:
        self._sessions[session.digest] = session
        own = self._of_mailbox.setdefault(session.key, [])
        own.append(session)
        if len(own) > _TOKENS_A_MAILBOX:
            self.end(own[0])
        if len(self._sessions) > _TOKENS:
            self.end(next(iter(self._sessions.values())))

    def end(self, session: Session) -> None:
        """Its token is worth nothing from now on."""
        self._sessions.pop(session.digest, None)
        own = self._of_mailbox.get(session.key, [])
        if session in own:
            own.remove(session)
        if not own:
            self._of_mailbox.pop(session.key, None)


def _digest(token: bytes) -> bytes:
    # Looked up by digest: how long a look-up takes then says nothing about a token.
    return blake2b(token, digest_size=16).digest()
