"""Does a statement answer a question? Judges, and the words in which a statement is put to them."""
