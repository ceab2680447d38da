"""What containers need beside the services: the gateway's files, and a question whether a process is ready."""
