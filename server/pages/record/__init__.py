"""Pages about the record of ideas: timeline, versions compared, feeds."""
