"""The demonstration arena: invented people and ideas, and the filling of an empty database."""
