"""Safety of places and the public map: who assessed what, when, and what is public."""
