"""All HTTP between this program and the relay."""
