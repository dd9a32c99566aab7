"""What a transition demands: facts of a case in, all open conditions out."""
