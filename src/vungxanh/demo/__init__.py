"""A district that does not exist, living two weeks of an epidemic, so that everything can be shown and scored.

`world`, `movement`, `epidemic` and `record` make it and import nothing of the house: what tracing is judged by
must not share a line with tracing. `load` alone carries the result through the real actions of the rooms.
"""
