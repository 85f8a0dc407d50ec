"""What was said: the trained tagger, and what the layout of an article alone tells. Quotes become statements here."""
