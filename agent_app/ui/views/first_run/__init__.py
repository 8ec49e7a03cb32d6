"""From an empty workstation to a clinic that works, step by step."""
