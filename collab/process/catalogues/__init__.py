"""Catalogues of the strategy as versioned data: guiding ideas, fields of action, principles."""
