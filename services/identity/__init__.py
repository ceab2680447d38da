"""identity: accounts, sign-in, and the tokens every other service verifies."""
