"""Articles by their links, and by feeds of them: fetched, and kept as files for `loading`."""
