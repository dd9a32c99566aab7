"""Other systems that are told of public events: tables."""
