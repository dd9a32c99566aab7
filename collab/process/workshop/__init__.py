"""An evening on which people work on ideas together: who is there, what is done when."""
