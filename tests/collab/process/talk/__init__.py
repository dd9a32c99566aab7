"""Comments and their anchors, without any I/O."""
