"""Teach and export the reader of questions."""
