"""The stand-in for `IPython.extensions`."""
