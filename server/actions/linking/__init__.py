"""Links between ideas, replicas of measures, and changes offered to them."""
