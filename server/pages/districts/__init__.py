"""The page on which a team says where its idea is meant to be."""
