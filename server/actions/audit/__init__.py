"""Checking the audit log and handing it out."""
