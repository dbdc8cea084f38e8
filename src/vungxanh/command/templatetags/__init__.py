"""Tags of the command room."""
