"""Subcommands of `vungxanh exposure`. Those of codecs, matching and scoring start no database."""
