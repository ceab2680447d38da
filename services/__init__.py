"""The services: one folder, one database, one topic each; none imports another."""
