"""What changes several rows of the command room, a file a matter."""
