"""What pages show of late text, reasons and undoing."""
