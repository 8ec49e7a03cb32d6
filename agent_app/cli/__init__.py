"""The commands of a terminal: sealdesk-admin, sealdesk-verify and the demonstration."""
