"""What is imported in the place of IPython, comm and ipykernel where those are not installed."""
