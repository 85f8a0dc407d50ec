"""Teach the networks that say who speaks."""
