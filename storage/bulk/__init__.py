"""Writing very many things at once, with a few statements for all of them."""
