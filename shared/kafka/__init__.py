"""Kafka as the road between services: relay out, consumer in, dead letters, topics, offsets."""
