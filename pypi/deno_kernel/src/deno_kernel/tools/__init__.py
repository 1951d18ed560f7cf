"""Functions of the program that embeds the kernel, which cells call as Python functions."""
