"""Bytes only: identifiers, frames and files of the exposure protocols. No radio, no database, no clock."""
