"""Talk that many follow live: how long a comment takes to everybody who looks."""
