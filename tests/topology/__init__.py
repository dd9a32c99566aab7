"""The topology of compose.yaml for real: a proxy, several nodes, PostgreSQL and Valkey."""
