"""The pure part of zoning: arrays in, clusters and smallest areas out. No Django, no names."""
