"""The officers' workbench: cases, who was exposed to them and why, follow-up, orders, chains, numbers."""
