"""What at least two services need and what decides nothing about Party work."""
