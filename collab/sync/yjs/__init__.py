"""What Yjs v1 updates say, read and judged without pycrdt: update, ranges, index, revert."""
