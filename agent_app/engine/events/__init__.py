"""What the engine tells the window: frozen values in the past tense. A row changes only through one of these."""

from agent_app.engine.administration import news as news
from agent_app.engine.events.composing import (
    DraftLoaded,
    RepliesLoaded,
    ReplyRow,
    TextReturned,
    UploadEnded,
    UploadProgressed,
)
from agent_app.engine.events.conversations import (
    ActivityChanged,
    ConversationChanged,
    ConversationRow,
    ConversationsAdded,
    ConversationsLoaded,
    Hit,
    PreviewsLoaded,
    SearchFound,
    Status,
)
from agent_app.engine.events.device import (
    Agent,
    AgentsListed,
    ConnectionChanged,
    EnrolmentRequested,
    MessagesWait,
    PageAlarmChanged,
    Phase,
    PhaseChanged,
    PinOffered,
    PreferencesChanged,
    SendingChanged,
    UnlockFailed,
)
from agent_app.engine.events.figures import (
    AgentFigures,
    Counts,
    DayFigures,
    FiguresExported,
    FiguresLoaded,
    HourFigures,
    Spans,
)
from agent_app.engine.events.invitations import InvitationChanged, InvitationCreated, InvitationRow, InvitationsLoaded
from agent_app.engine.events.notices import CommandDone, Notice, NoticeRaised, Severity
from agent_app.engine.events.patient import (
    ConversationCopied,
    ConversationExported,
    CustodyLoaded,
    DetailsLoaded,
    EarlierLoaded,
    Happening,
    PatientDevice,
)
from agent_app.engine.events.review import AuditRow, BundleExported, ReviewLoaded, ReviewSigned
from agent_app.engine.events.team import (
    Colleague,
    ColleaguePresence,
    ColleaguesLoaded,
    DeviceAdmitted,
    DeviceNamed,
    HolderLoaded,
    PresenceChanged,
    Team,
)
from agent_app.engine.events.transcript import (
    Delivery,
    FileProgressed,
    FileRow,
    FileSaved,
    MessageAdded,
    MessageChanged,
    MessageRow,
    PictureLoaded,
    TranscriptLoaded,
)
from agent_app.engine.sentence import Sentence as Sentence

Event = (
    PhaseChanged
    | EnrolmentRequested
    | UnlockFailed
    | AgentsListed
    | MessagesWait
    | PinOffered
    | PreferencesChanged
    | ConnectionChanged
    | ConversationsAdded
    | ConversationsLoaded
    | PreviewsLoaded
    | ConversationChanged
    | TranscriptLoaded
    | SearchFound
    | DraftLoaded
    | TextReturned
    | RepliesLoaded
    | MessageAdded
    | MessageChanged
    | UploadProgressed
    | UploadEnded
    | FileProgressed
    | FileSaved
    | PictureLoaded
    | InvitationCreated
    | InvitationChanged
    | InvitationsLoaded
    | BundleExported
    | ColleaguesLoaded
    | HolderLoaded
    | EarlierLoaded
    | DetailsLoaded
    | CustodyLoaded
    | ConversationExported
    | ConversationCopied
    | FiguresLoaded
    | FiguresExported
    | ReviewLoaded
    | ReviewSigned
    | DeviceAdmitted
    | DeviceNamed
    | SendingChanged
    | PageAlarmChanged
    | ActivityChanged
    | PresenceChanged
    | NoticeRaised
    | CommandDone
    | news.News
)
