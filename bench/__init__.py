"""Measures and tortures Arena: load, chaos, fuzzing and failing disks, for anyone to repeat."""
