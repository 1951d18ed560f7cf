"""Data frames that were displayed, whose rows front ends fetch as they need them."""
