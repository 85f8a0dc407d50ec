"""What a run keeps track of: ids, copies of an article, what is embedded, what a trial run would do; and its report."""
