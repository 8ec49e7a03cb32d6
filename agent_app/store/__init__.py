"""What a device keeps: an encrypted SQLite file with rooms, and a vault for its keys in the system's keyring.

`vault.Vault` and `rooms.Store` are the two doors; value types live in their room (`outbox.QueuedEnvelope`).
"""
