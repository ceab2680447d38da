"""What the rules of organisation say: frozen values and pure functions."""
