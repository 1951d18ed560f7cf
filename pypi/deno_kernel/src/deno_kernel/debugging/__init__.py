"""Debuggers: pdb in a kernel, and the debugger protocol of Jupyter."""
