"""How the ports are met."""
