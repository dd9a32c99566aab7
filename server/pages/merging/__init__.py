"""The page on which two ideas become one."""
