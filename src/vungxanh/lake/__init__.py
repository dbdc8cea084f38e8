"""Pseudonymous evidence of who was where with whom, as Parquet. A person here is an integer."""
