"""Templates, styles, TypeScript; its Python only says where they lie."""
