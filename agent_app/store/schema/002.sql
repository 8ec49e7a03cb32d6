-- What was being written when the desk was locked or another conversation was opened.
-- `sealed` is the text under a key of its own, `wrapped_key` that key under the device's epoch key.
CREATE TABLE drafts (
    conversation BLOB PRIMARY KEY REFERENCES conversations (id) ON DELETE CASCADE,
    note         INTEGER NOT NULL CHECK (note IN (0, 1)),
    wrapped_key  BLOB NOT NULL,
    sealed       BLOB NOT NULL
) STRICT;
