"""Articles out of files: one module for each format. Bytes go in; text, raw metadata and warnings come out."""
