"""Room 2: health declarations. What people say about where they have been and how they are, and what follows."""
