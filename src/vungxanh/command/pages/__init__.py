"""Pages of the command room, a file a matter."""
