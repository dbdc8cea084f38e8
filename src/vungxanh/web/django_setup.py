"""`house` under the name by which the web knows it."""

from vungxanh.core.house import house

__all__ = ["house"]
