"""Failing disks: power cuts, kills, full and broken disks, and whether a keystroke is ever lost."""
