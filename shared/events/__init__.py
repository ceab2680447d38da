"""The contract: every fact a service publishes, how it travels, who reads it."""
