"""What runs though nobody called: the Faust agent, the announcer, the relay."""
