"""What differs between the two database engines: addresses, connection settings, error texts."""
