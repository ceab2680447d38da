"""What runs though nobody called: the outbox out; this service listens to nobody."""
