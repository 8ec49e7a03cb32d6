-- Everything the relay keeps. Mailboxes have small numbers inside, so that a row need not repeat 32 bytes.

CREATE TABLE relay (
    name  TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE clinic (
    id          INTEGER PRIMARY KEY,
    fingerprint BLOB NOT NULL UNIQUE
);

CREATE TABLE statement (
    clinic    INTEGER NOT NULL,
    number    INTEGER NOT NULL,
    statement BLOB NOT NULL,
    PRIMARY KEY (clinic, number)
) WITHOUT ROWID;

-- The newest of each cosigner.
CREATE TABLE cosignature (
    clinic   INTEGER NOT NULL,
    cosigner BLOB NOT NULL,
    seconds  INTEGER NOT NULL,
    size     INTEGER NOT NULL,
    line     TEXT NOT NULL,
    PRIMARY KEY (clinic, cosigner)
) WITHOUT ROWID;

CREATE TABLE mailbox (
    id     INTEGER PRIMARY KEY,
    key    BLOB NOT NULL UNIQUE,
    clinic INTEGER NOT NULL,
    kind   TEXT NOT NULL CHECK (kind IN ('device', 'invited', 'intake')),
    active INTEGER NOT NULL
);

CREATE INDEX mailbox_of_clinic ON mailbox (clinic);

CREATE TABLE invitation (
    token_hash   BLOB PRIMARY KEY,
    clinic       INTEGER NOT NULL,
    invitation   BLOB NOT NULL,
    issuer       INTEGER NOT NULL,
    expires      INTEGER NOT NULL,
    registration BLOB NOT NULL,
    signature    BLOB NOT NULL,
    redeemer     INTEGER,
    UNIQUE (clinic, invitation)
) WITHOUT ROWID;
CREATE INDEX invitation_of_issuer ON invitation (issuer, expires);
CREATE INDEX invitation_of_redeemer ON invitation (redeemer) WHERE redeemer IS NOT NULL;

CREATE TABLE prekeys (
    mailbox     INTEGER PRIMARY KEY,
    certificate BLOB NOT NULL,
    signed      BLOB NOT NULL,
    kem_last    BLOB NOT NULL,
    expires     INTEGER NOT NULL
);

CREATE TABLE one_time (
    mailbox INTEGER NOT NULL,
    kind    TEXT NOT NULL,
    id      INTEGER NOT NULL,
    expires INTEGER NOT NULL,
    prekey  BLOB NOT NULL,
    PRIMARY KEY (mailbox, kind, id)
) WITHOUT ROWID;

CREATE TABLE generation (
    mailbox    INTEGER PRIMARY KEY,
    generation INTEGER NOT NULL,
    signature  BLOB NOT NULL
);

CREATE TABLE witnessed (
    device BLOB PRIMARY KEY,
    size   INTEGER NOT NULL,
    root   BLOB NOT NULL
) WITHOUT ROWID;

CREATE TABLE blob (
    hash        BLOB PRIMARY KEY,
    mailbox     INTEGER NOT NULL,
    clinic      INTEGER NOT NULL,
    size        INTEGER NOT NULL,
    stored      INTEGER NOT NULL,
    read_hash   BLOB NOT NULL,
    delete_hash BLOB NOT NULL
) WITHOUT ROWID;
CREATE INDEX blob_of_mailbox ON blob (mailbox, size);
CREATE INDEX blob_of_clinic ON blob (clinic, size);
CREATE INDEX blob_stored ON blob (stored);

-- One row a commit that accepted something. Its id is its last position; it holds the signature over the root of `leaves` (13.2), the delivery hashes in
-- order. `envelopes` lists the rows of `sent` that go when it goes, 24 bytes each: no index on time is needed.
CREATE TABLE acceptance (
    id            INTEGER PRIMARY KEY,
    time          INTEGER NOT NULL,
    signature     BLOB NOT NULL,
    leaves        BLOB NOT NULL,
    envelopes     BLOB NOT NULL
);

-- What has been accepted from whom, kept after delivery: a sender that repeats itself gets the stored answer.
CREATE TABLE sent (
    sender     INTEGER NOT NULL,
    envelope   BLOB NOT NULL,
    digest     BLOB NOT NULL,
    acceptance INTEGER NOT NULL,
    first_leaf INTEGER NOT NULL,
    refused    BLOB,
    PRIMARY KEY (sender, envelope)
) WITHOUT ROWID;

-- A body once, however many slots point to it. Its id is the position of its first slot.
CREATE TABLE body (
    id       INTEGER PRIMARY KEY,
    slots    INTEGER NOT NULL,
    sender   INTEGER NOT NULL,
    accepted INTEGER NOT NULL,
    envelope BLOB NOT NULL,
    body     BLOB NOT NULL
);

-- An envelope's slot where `body` is set; else a forwarded receipt, `delivery` its signature and `sealed` its payload.
CREATE TABLE waiting (
    mailbox  INTEGER NOT NULL,
    position INTEGER NOT NULL,
    body     INTEGER,
    delivery BLOB NOT NULL,
    sealed   BLOB NOT NULL,
    PRIMARY KEY (mailbox, position)
) WITHOUT ROWID;
