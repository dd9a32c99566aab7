"""Tables of wording that people suggest."""
