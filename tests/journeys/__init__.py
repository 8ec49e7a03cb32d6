"""Journeys: real processes, a real window on a real screen, a real browser.

`stage` builds them; the tests and the demonstration play on it.
"""
