-- Since when the patient waits for an answer; 0 when nobody owes them one.
ALTER TABLE conversations ADD COLUMN waiting_since INTEGER NOT NULL DEFAULT 0;
UPDATE conversations SET waiting_since = coalesce((
    SELECT min(min(arrived, time)) FROM events
    WHERE conversation = conversations.id AND stream = conversations.shared AND author = conversations.patient
        AND kind IN ('open', 'text', 'file') AND standing = 'admitted'
        AND clock > coalesce((
            SELECT max(clock) FROM events AS answer
            WHERE answer.conversation = conversations.id AND answer.stream = conversations.shared
                AND answer.author != conversations.patient AND answer.kind IN ('text', 'file')
        ), 0)
), 0) WHERE status IN ('waiting', 'held');

-- Which messages hold which words, and no more: neither the text nor where in it a word stands. The words are folded
-- before they come here. `rowid` is the event's position. What is removed is overwritten in place (secure-delete).
CREATE VIRTUAL TABLE search USING fts5 (
    words, content = '', detail = none, columnsize = 0, prefix = '1 2 3', tokenize = 'ascii'
);
INSERT INTO search (search, rank) VALUES ('secure-delete', 1);

-- Messages from here on stand in the index; those before it still have to be taken in.
INSERT INTO settings (name, value)
    SELECT 'search-from', CAST(CAST(coalesce(max(position), 0) + 1 AS TEXT) AS BLOB) FROM events;

-- For figures of a range of days.
CREATE INDEX events_by_arrival ON events (arrived) WHERE prominence > 0;
