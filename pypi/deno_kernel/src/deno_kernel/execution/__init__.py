"""Execution: a cell from its request to its reply, with its namespace, history, results and tracebacks."""
