"""The modules that are imported in the place of IPython, comm and ipykernel if those are not installed."""
