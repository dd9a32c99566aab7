"""Operations about the record of ideas: timeline, versions, audit log."""
