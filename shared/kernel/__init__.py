"""Errors, ids, time and access: plain values every room may use, no I/O."""
