"""The workbench: one ticket, everything about it, and its actions."""
