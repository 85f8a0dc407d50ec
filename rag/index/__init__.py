"""The index on disk, and the rows that it keeps."""
