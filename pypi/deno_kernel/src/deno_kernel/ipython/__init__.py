"""IPython's shell as notebooks and libraries know it: get_ipython(), magics, and cells that run inside of cells."""
