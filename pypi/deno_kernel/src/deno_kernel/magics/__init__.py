"""The magics that come with the kernel, in groups that are loaded when one of them is used."""
