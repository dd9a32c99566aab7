"""The audit log: entries chained by hashes, what stands in clear, and how a chain is checked."""
