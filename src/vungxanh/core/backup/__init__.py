"""Backup and restore of one installation: the embedded database to any moment, and every file of its home.

A backup folder holds `base/` (whole database), `wal/` (everything written since), `files/` (lake, keys, seals,
each content once) and `listing/` (which file had which content when). All of it is encrypted to a recipient whose
key is kept elsewhere: whoever takes the machine and its backups cannot read the past.
"""
