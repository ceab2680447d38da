"""What an account is, when a sign-in is refused, how long it lasts: values and pure functions."""
