"""The board of a workshop: silent notes, dots, ideas, over actions, API and pages."""
