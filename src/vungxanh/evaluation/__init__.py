"""How good is tracing? Epidemics whose truth is known, seen through incomplete records, traced, and counted."""
