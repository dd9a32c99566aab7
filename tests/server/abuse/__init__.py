"""Reports, decisions, appeals, slow mode, over HTTP."""
