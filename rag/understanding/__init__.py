"""What does a question ask, of whom, and what of the conversation does it take over?"""
