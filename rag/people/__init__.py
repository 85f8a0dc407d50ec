"""Names, and who is who."""
