"""Checks of an answer against the articles."""
