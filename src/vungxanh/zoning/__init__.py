"""Clusters, the smallest area to close, and levels of areas."""
