"""The text of a cell on its way to code: scanning, magics turned into Python, compiling."""
