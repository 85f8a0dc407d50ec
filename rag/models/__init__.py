"""The models that several steps need, each behind one file: embeddings and the chat model."""
