"""The stand-in for `ipykernel.pylab`."""
