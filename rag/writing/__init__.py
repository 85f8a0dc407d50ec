"""The sentences of an answer, around copied words."""
