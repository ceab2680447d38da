"""What the rules of visiting say: frozen values and pure functions."""
