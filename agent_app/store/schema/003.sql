-- Receipts that are signed and not sent, since a visitor whom nobody has answered is told nothing. Their envelopes wait
-- at the relay, each at its `position` in this device's mailbox there.
CREATE TABLE held_receipts (
    delivery BLOB PRIMARY KEY REFERENCES incoming (delivery) ON DELETE CASCADE,
    sender   BLOB NOT NULL CHECK (length(sender) = 32),
    position INTEGER NOT NULL
) STRICT;
CREATE INDEX held_receipts_by_sender ON held_receipts (sender);
CREATE INDEX held_receipts_by_position ON held_receipts (position);
