"""The offline bundle: one archive a machine without a network installs and runs the platform from (`make bundle`)."""
