"""From paths to articles: files are found and read part by part, each by the reader of its format, and tidied."""
