"""Data protection: who looked at whom, breaches, what is kept, and the file that says so to the authority."""
