"""What people follow and what is addressed to them, as stored."""
