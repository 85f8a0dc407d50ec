"""How the network that tells whom a question's words for somebody mean is made again."""
