"""How the ports are met: MongoDB, and memory for tests."""
