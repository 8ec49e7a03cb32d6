-- The first schema. Times are milliseconds since 1970 UTC. Ids, keys and hashes are raw bytes of fixed length.
-- Positions are AUTOINCREMENT: they grow, are never used again, and so may be held by a window across restarts.

CREATE TABLE settings (
    name  TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE names (
    device BLOB PRIMARY KEY CHECK (length(device) = 32),
    name   TEXT NOT NULL,
    salt   BLOB NOT NULL CHECK (length(salt) = 32),
    told   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Sessions ---------------------------------------------------------------------------------------------------------

CREATE TABLE peers (
    device      BLOB PRIMARY KEY CHECK (length(device) = 32),
    mailbox     BLOB NOT NULL UNIQUE CHECK (length(mailbox) = 32),
    kind        TEXT NOT NULL CHECK (kind IN ('agent', 'patient')),
    certificate BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
    peer    BLOB PRIMARY KEY CHECK (length(peer) = 32),
    state   BLOB NOT NULL,
    changed INTEGER NOT NULL
) STRICT;

-- A slot names its session in the clear: one lookup, no trial decryption.
CREATE TABLE session_ids (
    session BLOB PRIMARY KEY CHECK (length(session) = 16),
    peer    BLOB NOT NULL REFERENCES sessions (peer) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX session_ids_by_peer ON session_ids (peer);

CREATE TABLE prekeys (
    id        INTEGER PRIMARY KEY CHECK (id BETWEEN 0 AND 4294967295),
    kind      TEXT NOT NULL CHECK (kind IN ('signed', 'one-time', 'kem-last', 'kem-once')),
    secret    BLOB NOT NULL,
    published BLOB NOT NULL,
    created   INTEGER NOT NULL,
    expires   INTEGER NOT NULL,
    uploaded  INTEGER NOT NULL DEFAULT 0 CHECK (uploaded IN (0, 1))
) STRICT;
CREATE INDEX prekeys_by_kind ON prekeys (kind, created);
CREATE INDEX prekeys_by_expiry ON prekeys (expires);

-- Kept until every prekey it names is destroyed: until then a replay of that handshake could be computed.
CREATE TABLE transcripts (
    transcript BLOB PRIMARY KEY CHECK (length(transcript) = 32),
    peer       BLOB NOT NULL CHECK (length(peer) = 32),
    session    BLOB NOT NULL CHECK (length(session) = 16),
    signed_id  INTEGER NOT NULL,
    kem_id     INTEGER NOT NULL,
    accepted   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Conversations ----------------------------------------------------------------------------------------------------

CREATE TABLE conversations (
    id            BLOB PRIMARY KEY CHECK (length(id) = 32),
    patient       BLOB NOT NULL CHECK (length(patient) = 32),
    shared        BLOB NOT NULL UNIQUE CHECK (length(shared) = 32),
    team          BLOB NOT NULL UNIQUE CHECK (length(team) = 32),
    opened        INTEGER NOT NULL,
    status        TEXT NOT NULL,
    summary       BLOB NOT NULL,
    read_position INTEGER NOT NULL DEFAULT 0,
    last_position INTEGER NOT NULL DEFAULT 0,
    last_time     INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX conversations_by_position ON conversations (last_position);
CREATE INDEX conversations_by_patient ON conversations (patient);

-- `sealed` is content and signature under a key of their own, `wrapped_key` that key under the device's epoch key.
-- A retracted event keeps its row, for the chain of hashes, and loses both.
CREATE TABLE events (
    position     INTEGER PRIMARY KEY AUTOINCREMENT,
    hash         BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
    conversation BLOB REFERENCES conversations (id),
    stream       BLOB NOT NULL CHECK (length(stream) = 32),
    message      BLOB NOT NULL CHECK (length(message) = 16),
    author       BLOB NOT NULL CHECK (length(author) = 32),
    sequence     INTEGER NOT NULL CHECK (sequence > 0),
    previous     BLOB NOT NULL CHECK (length(previous) IN (0, 32)),
    clock        INTEGER NOT NULL CHECK (clock > 0),
    time         INTEGER NOT NULL,
    kind         TEXT NOT NULL,
    heads        BLOB NOT NULL,
    log_size     INTEGER NOT NULL,
    standing     TEXT NOT NULL CHECK (standing IN ('admitted', 'quarantined', 'void', 'forked')),
    prominence   INTEGER NOT NULL CHECK (prominence IN (0, 1, 2)),
    arrived      INTEGER NOT NULL,
    retracted    INTEGER,
    wrapped_key  BLOB,
    sealed       BLOB,
    CHECK ((wrapped_key IS NULL) = (sealed IS NULL)),
    CHECK ((retracted IS NULL) = (sealed IS NOT NULL))
) STRICT;
CREATE INDEX events_by_author ON events (stream, author, sequence);
CREATE INDEX events_by_message ON events (message, stream);
CREATE INDEX events_in_order ON events (conversation, clock, author, sequence);
CREATE INDEX events_shown ON events (conversation, position) WHERE prominence > 0;
CREATE INDEX events_counted ON events (conversation, position)
    WHERE prominence = 2 AND standing = 'admitted' AND retracted IS NULL;

-- The latest message held of each author in a stream, and how far this device has listed them in its own heads.
CREATE TABLE heads (
    stream   BLOB NOT NULL CHECK (length(stream) = 32),
    author   BLOB NOT NULL CHECK (length(author) = 32),
    sequence INTEGER NOT NULL,
    hash     BLOB NOT NULL CHECK (length(hash) = 32),
    clock    INTEGER NOT NULL,
    listed   INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (stream, author)
) STRICT, WITHOUT ROWID;

-- A retraction wins over any arrival, also over one that comes later.
CREATE TABLE tombstones (
    hash      BLOB PRIMARY KEY CHECK (length(hash) = 32),
    message   BLOB NOT NULL CHECK (length(message) = 16),
    stream    BLOB NOT NULL CHECK (length(stream) = 32),
    retracted INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Outbox and deliveries --------------------------------------------------------------------------------------------

CREATE TABLE outbox (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    envelope BLOB NOT NULL UNIQUE CHECK (length(envelope) = 16),
    message  BLOB NOT NULL REFERENCES events (hash),
    wire     BLOB,
    state    TEXT NOT NULL CHECK (state IN ('queued', 'accepted', 'failed')),
    attempts INTEGER NOT NULL DEFAULT 0,
    next_try INTEGER NOT NULL DEFAULT 0,
    reason   TEXT NOT NULL DEFAULT '',
    queued   INTEGER NOT NULL,
    CHECK ((state = 'accepted') = (wire IS NULL))
) STRICT;
CREATE INDEX outbox_waiting ON outbox (position) WHERE state = 'queued';
CREATE INDEX outbox_by_message ON outbox (message);

-- What this device received, with the receipt it signed: a duplicate is answered byte for byte.
CREATE TABLE incoming (
    delivery  BLOB PRIMARY KEY CHECK (length(delivery) = 32),
    sender    BLOB NOT NULL CHECK (length(sender) = 32),
    envelope  BLOB NOT NULL CHECK (length(envelope) = 16),
    body_hash BLOB NOT NULL CHECK (length(body_hash) = 32),
    slot_hash BLOB NOT NULL CHECK (length(slot_hash) = 32),
    message   BLOB CHECK (length(message) = 32),
    payload   BLOB NOT NULL,
    signature BLOB NOT NULL CHECK (length(signature) = 64),
    received  INTEGER NOT NULL
) STRICT;
CREATE INDEX incoming_by_message ON incoming (message);

CREATE TABLE pending_receipts (
    delivery BLOB PRIMARY KEY REFERENCES incoming (delivery) ON DELETE CASCADE
) STRICT;

CREATE TABLE pending_discards (
    position INTEGER PRIMARY KEY
) STRICT;

CREATE TABLE outgoing (
    delivery  BLOB PRIMARY KEY CHECK (length(delivery) = 32),
    message   BLOB NOT NULL REFERENCES events (hash),
    envelope  BLOB NOT NULL REFERENCES outbox (envelope),
    mailbox   BLOB NOT NULL CHECK (length(mailbox) = 32),
    device    BLOB NOT NULL CHECK (length(device) = 32),
    body_hash BLOB NOT NULL CHECK (length(body_hash) = 32),
    slot_hash BLOB NOT NULL CHECK (length(slot_hash) = 32),
    step      TEXT NOT NULL DEFAULT 'queued' CHECK (step IN ('queued', 'accepted', 'refused', 'delivered', 'rejected')),
    reason    TEXT NOT NULL DEFAULT '',
    accepted  BLOB,
    payload   BLOB,
    signature BLOB CHECK (length(signature) = 64),
    changed   INTEGER NOT NULL,
    CHECK ((payload IS NULL) = (signature IS NULL)),
    CHECK ((step IN ('delivered', 'rejected')) = (payload IS NOT NULL))
) STRICT;
CREATE INDEX outgoing_by_message ON outgoing (message, device);
CREATE INDEX outgoing_by_envelope ON outgoing (envelope, mailbox);

-- Receipts count from 1 for each pair of mailboxes and each names the hash of the one before.
CREATE TABLE receipt_chains (
    direction TEXT NOT NULL CHECK (direction IN ('issued', 'received')),
    mailbox   BLOB NOT NULL CHECK (length(mailbox) = 32),
    sequence  INTEGER NOT NULL CHECK (sequence > 0),
    previous  BLOB NOT NULL CHECK (length(previous) = 32),
    PRIMARY KEY (direction, mailbox)
) STRICT, WITHOUT ROWID;

CREATE TABLE reads (
    stream   BLOB NOT NULL CHECK (length(stream) = 32),
    author   BLOB NOT NULL CHECK (length(author) = 32),
    reader   BLOB NOT NULL CHECK (length(reader) = 32),
    sequence INTEGER NOT NULL CHECK (sequence > 0),
    time     INTEGER NOT NULL,
    PRIMARY KEY (stream, author, reader)
) STRICT, WITHOUT ROWID;

-- Logs -------------------------------------------------------------------------------------------------------------

CREATE TABLE statements (
    position  INTEGER PRIMARY KEY CHECK (position >= 0),
    statement BLOB NOT NULL
) STRICT;

CREATE TABLE clinic_heads (
    size INTEGER PRIMARY KEY CHECK (size > 0),
    root BLOB NOT NULL CHECK (length(root) = 32),
    note BLOB NOT NULL,
    seen INTEGER NOT NULL
) STRICT;

CREATE TABLE cosignatures (
    cosigner BLOB NOT NULL CHECK (length(cosigner) = 32),
    time     INTEGER NOT NULL,
    size     INTEGER NOT NULL,
    root     BLOB NOT NULL CHECK (length(root) = 32),
    note     BLOB NOT NULL,
    PRIMARY KEY (cosigner, time, size, root)
) STRICT, WITHOUT ROWID;

CREATE TABLE alarms (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    code    TEXT NOT NULL,
    detail  TEXT NOT NULL,
    raised  INTEGER NOT NULL,
    cleared INTEGER
) STRICT;

CREATE TABLE audit_leaves (
    position INTEGER PRIMARY KEY CHECK (position >= 0),
    leaf     BLOB NOT NULL
) STRICT;

CREATE TABLE audit_epochs (
    epoch INTEGER PRIMARY KEY CHECK (epoch >= 0),
    key   BLOB NOT NULL CHECK (length(key) = 32),
    begun INTEGER NOT NULL
) STRICT;

CREATE TABLE audit_checkpoints (
    size    INTEGER PRIMARY KEY CHECK (size > 0),
    note    BLOB NOT NULL,
    witness BLOB,
    made    INTEGER NOT NULL
) STRICT;

-- Invitations ------------------------------------------------------------------------------------------------------

CREATE TABLE invitations (
    id           BLOB PRIMARY KEY CHECK (length(id) = 16),
    registration BLOB NOT NULL,
    signature    BLOB NOT NULL CHECK (length(signature) = 64),
    secret       BLOB NOT NULL CHECK (length(secret) = 16),
    code         TEXT NOT NULL,
    identifiers  BLOB NOT NULL,
    name         TEXT NOT NULL,
    reason       TEXT NOT NULL,
    issuer       BLOB NOT NULL CHECK (length(issuer) = 32),
    created      INTEGER NOT NULL,
    expires      INTEGER NOT NULL,
    tries        INTEGER NOT NULL CHECK (tries >= 0),
    state        TEXT NOT NULL CHECK (state IN ('open', 'passed', 'refused', 'cancelled')),
    registered   INTEGER NOT NULL DEFAULT 0 CHECK (registered IN (0, 1))
) STRICT;

CREATE TABLE tries (
    transcript BLOB PRIMARY KEY CHECK (length(transcript) = 32),
    invitation BLOB NOT NULL REFERENCES invitations (id),
    patient    BLOB NOT NULL CHECK (length(patient) = 32),
    outcome    TEXT NOT NULL CHECK (outcome IN ('passed', 'wrong', 'refused')),
    level      INTEGER NOT NULL,
    tries_left INTEGER NOT NULL,
    time       INTEGER NOT NULL
) STRICT;
CREATE INDEX tries_by_invitation ON tries (invitation);

-- Attachments ------------------------------------------------------------------------------------------------------

-- `wrapped` is file key, read secret and delete secret under the device's epoch key.
CREATE TABLE attachments (
    blob        BLOB PRIMARY KEY CHECK (length(blob) = 32),
    message     BLOB REFERENCES events (hash),
    wrapped     BLOB NOT NULL,
    size        INTEGER NOT NULL,
    own         INTEGER NOT NULL CHECK (own IN (0, 1)),
    uploaded    INTEGER NOT NULL CHECK (uploaded IN (0, 1)),
    created     INTEGER NOT NULL
) STRICT;
CREATE INDEX attachments_by_message ON attachments (message);
