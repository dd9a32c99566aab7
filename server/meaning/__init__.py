"""What texts mean: a model of sentences, and the nearest ideas."""
