"""The pages of links between ideas, of replicas and of changes offered to them."""
