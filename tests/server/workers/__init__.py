"""Several processes behind one socket."""
