"""Encrypted SQLite: the vault, sessions, conversations, the outbox and the logs."""
