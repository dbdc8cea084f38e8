"""Providers, one a file, each tested against a server on this machine that speaks its protocol."""
