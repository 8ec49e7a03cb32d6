-- Where a mailbox's owner wants to be woken. One a mailbox; it goes with a refusal of the push service, or with the
-- mailbox's revocation.

CREATE TABLE push (
    mailbox  INTEGER PRIMARY KEY,
    endpoint TEXT NOT NULL
);
