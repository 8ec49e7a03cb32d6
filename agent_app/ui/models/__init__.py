"""Qt models over the engine's events; they know no view."""
