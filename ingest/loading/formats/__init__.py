"""One reader for each format, and what only readers need. Bytes go in; text, raw metadata and warnings come out."""
