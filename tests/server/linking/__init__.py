"""Links between ideas, replicas, and changes offered to them, over HTTP."""
