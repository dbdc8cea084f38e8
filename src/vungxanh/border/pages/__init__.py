"""Pages of the border room: the traveller's, and the desk's."""
