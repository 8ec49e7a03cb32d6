"""What the window may ask of the engine: frozen values, sent across threads, answered only by events.

Conversation and message ids are bytes (32 and 16). Times are milliseconds since 1970 UTC.
Nothing here imports Qt, the store or the network.
"""

from agent_app.engine.administration import acts as acts
from agent_app.engine.commands.clinic import (
    DismissRequest,
    ExportBundle,
    ExportFigures,
    LoadClinic,
    LoadFigures,
    LoadReview,
    ReportBreachScope,
    ReturnConversations,
    SignReview,
)
from agent_app.engine.commands.composing import (
    REPLY_COUNT,
    REPLY_TITLE,
    CancelUpload,
    DeleteReply,
    LoadReplies,
    SaveDraft,
    SaveReply,
    SendFile,
    SendNote,
    SendPicture,
    SendText,
    Typing,
)
from agent_app.engine.commands.conversations import (
    Assign,
    Claim,
    Close,
    HandOver,
    LoadColleagues,
    LoadHolder,
    OpenConversation,
    Release,
    Reopen,
    Search,
    TakeOver,
    Transfer,
    ViewConversation,
)
from agent_app.engine.commands.device import (
    Join,
    Lock,
    MarkAdmissionsRead,
    SetNotifications,
    SetPin,
    SetPresence,
    Stop,
    SwitchAgent,
    Unlock,
    UnlockByPin,
)
from agent_app.engine.commands.invitations import CancelInvitation, CreateInvitation, ListInvitations, ShowInvitation
from agent_app.engine.commands.patient import (
    BlockPatient,
    CheckPatient,
    CopyConversation,
    ExportConversation,
    LabelPatient,
    ListEarlier,
    LoadCustody,
    LoadDetails,
    SendHistory,
    SetGuardian,
    SetHold,
    SetTag,
)
from agent_app.engine.commands.transcript import (
    LoadAround,
    LoadPicture,
    LoadTranscript,
    MarkRead,
    Retract,
    Retry,
    SaveFile,
)

Command = (
    Join
    | Unlock
    | UnlockByPin
    | SetPin
    | SwitchAgent
    | MarkAdmissionsRead
    | SetNotifications
    | Lock
    | OpenConversation
    | LoadTranscript
    | LoadAround
    | Search
    | SendText
    | SendNote
    | SendFile
    | SendPicture
    | CancelUpload
    | SaveDraft
    | LoadReplies
    | SaveReply
    | DeleteReply
    | SaveFile
    | LoadPicture
    | Retry
    | MarkRead
    | Typing
    | ViewConversation
    | SetPresence
    | Claim
    | Release
    | Assign
    | Transfer
    | LoadHolder
    | TakeOver
    | HandOver
    | Close
    | Retract
    | SetTag
    | LabelPatient
    | SetGuardian
    | SetHold
    | LoadColleagues
    | LoadDetails
    | LoadCustody
    | ExportConversation
    | CopyConversation
    | Reopen
    | CheckPatient
    | BlockPatient
    | ListEarlier
    | SendHistory
    | CreateInvitation
    | CancelInvitation
    | ListInvitations
    | ShowInvitation
    | ExportBundle
    | LoadFigures
    | ExportFigures
    | LoadReview
    | SignReview
    | DismissRequest
    | LoadClinic
    | ReturnConversations
    | ReportBreachScope
    | Stop
    | acts.Act
)
# What a form asks for, and stays until it is told: CommandDone, or NoticeRaised with the command.
FORMS = (
    Assign,
    BlockPatient,
    CancelInvitation,
    CheckPatient,
    Close,
    DeleteReply,
    HandOver,
    LabelPatient,
    Retract,
    SaveReply,
    SendHistory,
    SetGuardian,
    SetHold,
    SetTag,
    TakeOver,
    Transfer,
)
