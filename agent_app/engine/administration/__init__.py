"""What an administrator does: one room that the command line and the window share."""
