"""What happens around every request: identity, origin, headers, language, log line."""
