"""The chat page: what is shown, and how; wiring only."""
