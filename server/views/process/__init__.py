"""What the parts of an idea’s page about its process show."""
