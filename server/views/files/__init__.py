"""What files say: papers made of what a reader may read."""
