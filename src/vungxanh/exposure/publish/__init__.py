"""Taking in a person's own day keys: read, judged rule by rule, written, answered in one size."""
