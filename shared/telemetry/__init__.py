"""What every process is told and what it tells: settings, logs, metrics, health, trace ids."""
