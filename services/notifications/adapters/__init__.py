"""How the ports are met: MongoDB, memory, files."""
