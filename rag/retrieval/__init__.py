"""Which statements bear on a question?"""
