"""One table of things due: who or where, by when, under which clock; assigned, answered, escalated."""
