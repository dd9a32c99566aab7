"""Following: headings, visits, mornings."""
