"""Teach the tagger, which finds what is said, the words that say so and who says it."""
