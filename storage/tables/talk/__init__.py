"""Tables of what people say beside the text."""
