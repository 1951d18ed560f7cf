"""The entry: a kernel is installed in its process, and its host calls it."""
