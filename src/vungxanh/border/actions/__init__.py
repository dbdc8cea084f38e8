"""What changes several rows of the border room, by subject."""
