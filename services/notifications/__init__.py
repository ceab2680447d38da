"""Obligations (应办事项): what is due, by whom, by when, and the message centre that says so."""
