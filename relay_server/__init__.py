"""The relay: mailboxes, envelopes and receipts; it forwards ciphertext and can decrypt nothing."""
