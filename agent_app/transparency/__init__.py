"""Pure: Merkle tree, notes, checkpoints, statements, the roster's replay and its audit."""
