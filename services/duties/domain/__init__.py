"""What the rules of meetings and of rectification say: frozen values and pure functions."""
