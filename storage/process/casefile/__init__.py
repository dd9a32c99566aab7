"""What people ask of a case, what it is judged under, and what it is measured by."""
