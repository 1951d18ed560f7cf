"""Commands of a shell, which the kernel's host carries out on the kernel's files."""
