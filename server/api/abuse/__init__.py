"""Reports, hidings, slow mode and figures over the API."""
