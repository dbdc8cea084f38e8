"""The client contract as programs: a server that keeps it, checks, and the way in which a client is driven."""
