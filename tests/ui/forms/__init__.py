"""Every form, refused: said beside the field or the buttons and aloud, with the focus at the fault and nothing lost."""
