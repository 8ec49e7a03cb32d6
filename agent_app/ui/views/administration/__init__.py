"""The administrator’s room: the clinic in sections, each change confirmed under the administrator’s key."""
