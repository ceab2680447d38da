"""How the ports are met: MongoDB, memory, rule files."""
