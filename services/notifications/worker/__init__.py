"""What runs though nobody called: facts from Kafka, the sweep, the relay."""
