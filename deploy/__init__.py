"""How the platform is run: the local stack, the gateway, the demo township."""
