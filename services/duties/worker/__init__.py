"""What runs though nobody called: facts of other services in, the outbox out."""
