"""What drives Arena from outside: the real server process, headless actors, npm's clients."""
