"""The role matrix of docs/protocol.md, 9.2, walked on the receiving side: what counts on somebody else's desk.

The senders are modified clients: they sign whatever they like, through the real engine's own writing, whatever their
windows would have refused.
"""

import asyncio
import itertools

from agent_app.engine.sentence import Sentence
from agent_app.protocol import events as e
from agent_app.protocol.content import Message
from agent_app.protocol.conversation import Entry, has_lost_right, reduce
from agent_app.protocol.keys import DeviceId
from agent_app.store.events import Standing
from agent_app.transparency import statement
from tests.engine.test_conversing import invited
from tests.engine.world import PATIENCE, Desk, World, played
from tests.vectors.conversations import Timeline
from tests.vectors.messages import sample_events

STAFF: tuple[e.Role, ...] = ("agent", "supervisor", "administrator")
SENIOR: tuple[e.Role, ...] = ("supervisor", "administrator")
TEAM_OF_STAFF = (
    "claim", "release", "transfer", "handover", "close", "conclude", "reopen", "note", "tag", "label", "reason",
    "guardian", "hold", "checked", "block", "name", "retract",
)  # fmt: skip
MATRIX: dict[tuple[str, str], tuple[e.Role, ...]] = {
    **{("team", tag): STAFF for tag in TEAM_OF_STAFF},
    ("team", "assign"): SENIOR,
    **{("shared", tag): ("patient", *STAFF) for tag in ("text", "file", "read", "retract")},
    **{("shared", tag): STAFF for tag in ("verdict", "name", "joined", "earlier", "copied")},
    **{("shared", tag): ("patient",) for tag in ("open", "check", "ended")},
    **{("direct", tag): STAFF for tag in ("invite", "uninvite", "history", "name")},
}


def test_the_matrix_is_what_every_device_judges_by() -> None:
    author = Timeline("roles").id("alice")
    roles: tuple[e.Role, ...] = ("patient", *STAFF, "auditor")
    streams: tuple[e.StreamKind, ...] = ("shared", "team", "direct")
    for event, stream, role in itertools.product(sample_events(author), streams, roles):
        tag = str(event.__struct_config__.tag)
        assert e.is_permitted(event, stream, author, role) is (role in MATRIX.get((stream, tag), ())), (
            tag,
            stream,
            role,
        )


def test_who_lost_a_role_loses_what_it_took() -> None:
    timeline = Timeline("roles")
    author = timeline.id("alice")
    assign, text = e.Assign(author), e.Text("x")
    target: Message = timeline.shared("bob", e.Text("bob's"))
    retract = e.Retract(target.content.message, target.hash)
    assert has_lost_right(assign, "team", author, "supervisor", "agent")
    assert has_lost_right(retract, "shared", author, "supervisor", "agent")
    assert has_lost_right(text, "shared", author, "agent", "auditor")
    assert not has_lost_right(text, "shared", author, "supervisor", "agent")
    assert not has_lost_right(retract, "shared", author, "agent", "supervisor")
    late = Entry.of(timeline.shared("alice", retract, target), "shared", "supervisor", "quarantined")
    bobs = Entry.of(target, "shared", "agent")
    assert reduce(timeline.patient.device, [bobs, late]).retracted == ()


async def force(desk: Desk, conversation: bytes, event: e.Event) -> None:
    """Signs and sends it, as a modified client would."""
    shift = desk.engine._shift
    assert shift is not None
    stored = shift._speech.stored(conversation)
    with shift._desk.work() as work:
        shift._writing.write(work, shift._writing.team(stored), event)


def standing(desk: Desk, conversation: bytes, author: DeviceId, kind: str) -> list[Standing]:
    shift = desk.engine._shift
    assert shift is not None
    held = shift._desk.store.events.held(conversation)
    return [event.standing for event in held if event.author == author and event.kind == kind]


@played
async def test_a_modified_client_changes_nothing_on_anybody_elses_desk(world: World) -> None:
    ada, sly = await world.desk("ada"), await world.desk("sly")
    _, conversation = await invited(world, ada)
    await sly.until(lambda d: conversation in d.rows())
    await force(sly, conversation, e.Assign(sly.device))
    await force(sly, conversation, e.Hold(False, ""))
    await force(sly, conversation, e.Note("both have come"))
    await ada.until(lambda d: "both have come" in d.texts(conversation), "what sly wrote")
    assert standing(ada, conversation, sly.device, "assign") == [Standing.VOID]
    assert standing(ada, conversation, sly.device, "hold") == [Standing.VOID]
    assert ada.rows()[conversation].holder == ""


@played
async def test_a_demoted_device_counts_under_no_head(world: World) -> None:
    """It is made an auditor's and goes on under the old head, which it can name for ever."""
    ada, sly = await world.desk("ada"), await world.desk("sly")
    _, conversation = await invited(world, ada)
    await sly.until(lambda d: conversation in d.rows())
    shift = sly.engine._shift
    assert shift is not None
    old = shift.membership.head()
    await world.append(lambda _: statement.RoleChange(sly.device, "auditor"))
    knows = lambda d: d.engine._shift.membership.roster.member(sly.device).role == "auditor"  # noqa: E731
    async with asyncio.timeout(PATIENCE):
        while not (knows(ada) and knows(sly)):  # noqa: ASYNC110 - no event tells of it
            await asyncio.sleep(0.02)
    shift.membership.head = lambda: old  # type: ignore[method-assign]
    await force(sly, conversation, e.Claim())
    await ada.until(lambda d: standing(d, conversation, sly.device, "claim"), "the claim")
    assert standing(ada, conversation, sly.device, "claim") == [Standing.QUARANTINED]
    assert ada.rows()[conversation].holder == ""
    await force(sly, conversation, e.Note("{braces} are text"))
    await ada.until(lambda d: standing(d, conversation, sly.device, "note"), "the note")
    ours = ada.engine._shift
    assert ours is not None
    held = ours._desk.store.events.held(conversation)
    note = next(event for event in held if (event.author, event.kind) == (sly.device, "note"))
    said = ours._conversations.transcript.row(note).text
    assert isinstance(said, Sentence)  # so that every desk says it in its own language
    assert said.values == {"text": "{braces} are text"}
