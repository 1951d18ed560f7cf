"""The stand-in for `IPython.terminal`."""
