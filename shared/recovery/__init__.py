"""Backups, restores and the ways back after a loss; for people at a console, never inside a service."""
