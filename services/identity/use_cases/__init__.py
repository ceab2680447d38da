"""What identity can be asked to do, one verb a file."""
