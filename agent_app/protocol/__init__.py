"""Pure: bytes to objects and back. No I/O, clock, logging, Qt or randomness of its own."""
