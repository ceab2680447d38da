"""The whole platform on one machine without Docker, JDK or Maven: real MongoDB, Kafka and Envoy under supervisor."""
