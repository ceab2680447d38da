"""MongoDB as a service's store: aggregates with their facts embedded, projections, the relay's outbox and archive."""
