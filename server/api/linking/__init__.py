"""The API of links between ideas, replicas and changes offered to them."""
