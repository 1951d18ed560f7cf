"""Import hooks: stand-ins for modules that are not installed, and changes to modules that are installed."""
