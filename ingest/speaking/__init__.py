"""Who a statement's source is: the article's people and bodies, and a trained network that links each source to one."""
