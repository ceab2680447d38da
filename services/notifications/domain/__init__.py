"""What the regulations say: obligations, who owes them, when they are late. Pure values, no I/O."""
