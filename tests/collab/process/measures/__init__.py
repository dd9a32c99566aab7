"""Rules of measures: commitments, recognition, numbers, badges."""
