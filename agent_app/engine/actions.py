"""What the window may ask of an unlocked device."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from agent_app.engine import commands, notices
from agent_app.engine.activity import Activity
from agent_app.engine.administration.overview import Overview
from agent_app.engine.admissions import Admissions
from agent_app.engine.conversations import Conversations
from agent_app.engine.desk import Desk
from agent_app.engine.details import Details
from agent_app.engine.earlier import EarlierMessages
from agent_app.engine.events import CommandDone, DraftLoaded, Notice, NoticeRaised, Severity, TextReturned
from agent_app.engine.export import Export
from agent_app.engine.figures import Figures
from agent_app.engine.files import Files, Permit
from agent_app.engine.identifying import BirthDateRefused, PhoneRefused
from agent_app.engine.invitations import Invitations
from agent_app.engine.membership import Membership
from agent_app.engine.outbound import Outbound
from agent_app.engine.pictures import PictureRefused
from agent_app.engine.preferences import Preferences
from agent_app.engine.replies import Replies
from agent_app.engine.reviewing import Reviewing
from agent_app.engine.searching import Searching
from agent_app.engine.speech import Refused, Speech
from agent_app.engine.upkeep import Upkeep
from agent_app.engine.workflow import Workflow
from agent_app.protocol import events
from agent_app.protocol.errors import ProtocolError
from agent_app.protocol.keys import ConversationId, MessageId
from agent_app.relay.errors import RelayError
from agent_app.store.conversations import Conversation
from agent_app.store.drafts import Draft
from agent_app.store.errors import StoreError


class Actions:
    """One method a command. Each answers by events only; what fails on expected grounds is told as a notice."""

    def __init__(
        self,
        desk: Desk,
        conversations: Conversations,
        speech: Speech,
        workflow: Workflow,
        details: Details,
        earlier: EarlierMessages,
        figures: Figures,
        membership: Membership,
        invitations: Invitations,
        files: Files,
        outbound: Outbound,
        upkeep: Upkeep,
        activity: Activity,
        preferences: Preferences,
        overview: Overview,
    ) -> None:
        self._desk = desk
        self._conversations = conversations
        self._speech = speech
        self._invitations = invitations
        self._files = files
        self._outbound = outbound
        self._upkeep = upkeep
        self._activity = activity
        self._export = Export(desk)
        self._methods: dict[type, Callable[[Any], Awaitable[None]]] = {
            commands.OpenConversation: self._open,
            commands.LoadTranscript: self._load,
            commands.LoadAround: self._load_around,
            commands.SendText: self._send_text,
            commands.SendNote: self._send_note,
            commands.SendFile: self._send_file,
            commands.SendPicture: self._send_picture,
            commands.CancelUpload: self._cancel_upload,
            commands.SaveDraft: self._save_draft,
            commands.SaveFile: self._save_file,
            commands.LoadPicture: self._load_picture,
            commands.Retry: self._retry,
            commands.MarkRead: self._mark_read,
            commands.CheckPatient: self._check_patient,
            commands.BlockPatient: self._block_patient,
            commands.CreateInvitation: self._invite,
            commands.CancelInvitation: self._cancel_invitation,
            commands.ListInvitations: self._list_invitations,
            commands.ShowInvitation: self._show_invitation,
            commands.ExportBundle: self._export_bundle,
            **activity.methods,
            **preferences.methods,
            **workflow.methods,
            **details.methods,
            **earlier.methods,
            **Replies(desk).methods,
            **Searching(desk, conversations).methods,
            **figures.methods,
            **overview.methods,
            **Admissions(desk, membership).methods,
            **Reviewing(desk, membership, upkeep).methods,
        }

    async def do(self, command: commands.Command) -> None:
        try:
            await self._methods[type(command)](command)
        except Refused as refused:
            self._refuse(command, refused.notice)
        except (ProtocolError, RelayError, StoreError, BirthDateRefused, PhoneRefused) as error:
            self._refuse(command, notices.of_error(error, _FAILED.get(type(command), "This did not succeed.")))
        except PictureRefused as error:
            self._refuse(command, notices.of_error(error, "The picture was not sent."))
        except OSError as error:
            self._refuse(command, notices.of_file(error, _FAILED.get(type(command), _FILE)))
        except ValueError:
            self._refuse(command, _FORM)
        else:
            if isinstance(command, commands.FORMS):
                self._desk.emit(CommandDone(command))

    def _refuse(self, command: commands.Command, notice: Notice) -> None:
        self._desk.emit(NoticeRaised(notice, command))

    # Looking

    async def _open(self, command: commands.OpenConversation) -> None:
        stored = self._speech.stored(command.conversation)
        with self._desk.work() as work:
            work.record("view", stored.id)
        self._activity.view(stored)
        self._conversations.transcript.show(stored.id, command.target)
        draft = self._desk.store.drafts.of(stored.id)
        if draft is not None:
            self._desk.emit(DraftLoaded(stored.id, draft.text, draft.note))

    async def _load(self, command: commands.LoadTranscript) -> None:
        stored = self._speech.stored(command.conversation)
        self._conversations.transcript.page(stored.id, command.anchor, older=command.older, count=command.count)

    async def _load_around(self, command: commands.LoadAround) -> None:
        stored = self._speech.stored(command.conversation)
        self._conversations.transcript.around(stored.id, command.target, command.count)

    async def _mark_read(self, command: commands.MarkRead) -> None:
        """Marks here, and tells the patient how far their messages were read, if the policy allows and it is news."""
        stored = self._speech.stored(command.conversation)
        rooms = self._desk.store
        newest = rooms.events.newest(stored.id, 200).events
        with self._desk.work() as work:
            if newest:
                rooms.conversations.mark_read(stored.id, newest[-1].position)
                work.afterwards(lambda: self._conversations.inbox.tell(stored.id), about=stored.id)
            if self._conversations.is_answered(stored):
                self._speech.tell_read(work, stored, newest)

    # Writing

    async def _send_text(self, command: commands.SendText) -> None:
        with self._returning(command.conversation, Draft(command.text, note=False)):
            self._speech.say(command.conversation, events.Text(command.text))

    async def _send_note(self, command: commands.SendNote) -> None:
        with self._returning(command.conversation, Draft(command.text, note=True)):
            self._speech.team(command.conversation, events.Note(command.text))

    @contextmanager
    def _returning(self, conversation: bytes, written: Draft) -> Iterator[None]:
        """What cannot be sent goes back to whoever wrote it: as a draft too, for they may look elsewhere by now."""
        try:
            yield
        except Exception:
            self._give_back(conversation, written, lambda id_: self._desk.store.drafts.keep(id_, written))
            raise

    @contextmanager
    def _returning_caption(self, conversation: bytes, caption: str) -> Iterator[None]:
        """As `_returning`; the composer may hold something else by now, which stays."""
        try:
            yield
        except Exception:
            if caption:
                written = Draft(caption, note=False)
                self._give_back(conversation, written, lambda id_: self._desk.store.drafts.put_before(id_, caption))
            raise

    def _give_back(self, conversation: bytes, written: Draft, keep: Callable[[ConversationId], None]) -> None:
        with suppress(Refused, StoreError):
            stored = self._speech.stored(conversation)
            with self._desk.store.transaction():
                keep(stored.id)
        self._desk.emit(TextReturned(conversation, written.text, written.note))

    async def _send_file(self, command: commands.SendFile) -> None:
        with self._returning_caption(command.conversation, command.caption):
            stored = self._speech.stored(command.conversation)
            self._speech.require_reachable(stored)
            await self._files.send(stored, command.path, command.caption, self._permit(stored))

    async def _send_picture(self, command: commands.SendPicture) -> None:
        with self._returning_caption(command.conversation, command.caption):
            stored = self._speech.stored(command.conversation)
            self._speech.require_reachable(stored)
            await self._files.send_picture(stored, command.content, command.name, command.caption, self._permit(stored))

    def _permit(self, stored: Conversation) -> Permit:
        def permit() -> Conversation:
            now = self._speech.stored(stored.id)
            self._speech.require_reachable(now)
            return now

        return permit

    async def _cancel_upload(self, command: commands.CancelUpload) -> None:
        if not self._files.cancel(command.upload):
            raise Refused(_TOO_LATE)

    async def _save_draft(self, command: commands.SaveDraft) -> None:
        stored = self._speech.stored(command.conversation)
        with self._desk.store.transaction():
            if command.text.strip():
                self._desk.store.drafts.keep(stored.id, Draft(command.text, command.note))
            else:
                self._desk.store.drafts.drop(stored.id)

    async def _save_file(self, command: commands.SaveFile) -> None:
        await self._files.save(self._speech.stored(command.conversation), command.message, command.path)

    async def _load_picture(self, command: commands.LoadPicture) -> None:
        await self._files.picture(self._speech.stored(command.conversation), command.message)

    async def _retry(self, command: commands.Retry) -> None:
        event = self._desk.store.events.by_message_id(MessageId(command.message))
        if event is not None and event.author == self._desk.local.device:
            self._outbound.retry(event.hash)

    # Checking

    async def _check_patient(self, command: commands.CheckPatient) -> None:
        stored = self._speech.stored(command.conversation)
        method: events.Method = "safety-number" if command.method == "safety-number" else "identifiers"
        self._speech.team(command.conversation, events.Checked(stored.patient, method, command.matches))

    async def _block_patient(self, command: commands.BlockPatient) -> None:
        stored = self._speech.stored(command.conversation)
        self._speech.team(command.conversation, events.Block(stored.patient))

    async def _invite(self, command: commands.CreateInvitation) -> None:
        await self._invitations.create(command.name, command.birth_date, command.reason)

    async def _cancel_invitation(self, command: commands.CancelInvitation) -> None:
        await self._invitations.cancel(command.invitation)

    async def _list_invitations(self, command: commands.ListInvitations) -> None:
        self._invitations.list_open()

    async def _show_invitation(self, command: commands.ShowInvitation) -> None:
        self._invitations.show(command.invitation)

    # Proving

    async def _export_bundle(self, command: commands.ExportBundle) -> None:
        self._export.record()
        await self._upkeep.refresh_and_witness()
        await self._export.write(command.path)


_FILE = "The file was not handled."
_FORM = Notice(
    Severity.WARNING,
    "Nothing was sent.",
    "Something you typed is not in the form it should have.",
    "Look at each field, correct it, and try again.",
)
_TOO_LATE = Notice(
    Severity.INFORMATION,
    "It was too late to cancel.",
    "The file is complete, and its message is on its way.",
    "Delete the message if nobody is to keep it.",
)
_FAILED: dict[type, str] = {
    commands.SendText: "The message was not sent.",
    commands.SendNote: "The note was not sent.",
    commands.SendFile: "The file was not sent.",
    commands.SendPicture: "The picture was not sent.",
    commands.SaveDraft: "What you were writing was not kept.",
    commands.SaveReply: "The reply was not kept.",
    commands.DeleteReply: "The reply was not deleted.",
    commands.SaveFile: "The file was not saved.",
    commands.LoadPicture: "The picture cannot be shown.",
    commands.SendHistory: "The earlier messages were not sent.",
    commands.LabelPatient: "The name was not kept.",
    commands.CreateInvitation: "The invitation is not ready.",
    commands.CancelInvitation: "The invitation is not cancelled at the relay.",
    commands.ShowInvitation: "The invitation cannot be shown.",
    commands.ExportBundle: "The bundle was not written.",
    commands.ExportConversation: "The copy was not written.",
    commands.CopyConversation: "The copy was not made.",
    commands.LoadFigures: "The figures were not made.",
    commands.ExportFigures: "The figures were not written.",
    commands.LoadReview: "The audit logs were not read.",
    commands.SignReview: "The review was not signed.",
    commands.Retract: "The message was not deleted.",
}
