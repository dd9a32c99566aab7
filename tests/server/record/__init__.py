"""The record of ideas: timeline, versions compared, feeds, audit log over HTTP."""
