"""The desk's window: QtWidgets, model/view, one stylesheet a theme; it never waits and never guesses."""
