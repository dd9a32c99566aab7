"""What pages show of links between ideas, of replicas and of changes offered to them."""
