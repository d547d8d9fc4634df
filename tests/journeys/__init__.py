"""Few and real: Kafka, PostgreSQL, processes killed."""
