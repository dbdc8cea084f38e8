"""The engines behind `vungxanh.tracing.trace`, held equal by tests/generative."""
