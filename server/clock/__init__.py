"""What time itself brings about: deadlines that end, terms that begin and run out."""
