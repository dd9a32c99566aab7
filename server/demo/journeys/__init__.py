"""The demonstration's journeys: cases on the current processes, driven by the real actions."""
