"""What the service can be asked to do, one verb a file, and the ports it needs."""
