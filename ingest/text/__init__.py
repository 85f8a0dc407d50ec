"""What several steps read in the text of an article: names, marks, turns, word pieces, its language."""
