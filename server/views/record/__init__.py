"""What the record of an idea shows: its timeline, its versions, its feed."""
