"""Figures of this machine. `python -m bench` runs all, `python -m bench NAME` one."""
