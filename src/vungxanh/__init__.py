"""Vùng Xanh: from one confirmed case, who was exposed, why, and the smallest area to close."""

__version__ = "0.1.0"
