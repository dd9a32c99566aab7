"""Whether two ideas may be one."""
