"""IPython's shell as notebooks and libraries know it: get_ipython(), magics, cells inside of cells."""
