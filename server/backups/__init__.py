"""What a restored database needs besides its rows."""
