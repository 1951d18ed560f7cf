"""The kernel's side of its host: events go out, signals come in, and both belong to an execution."""
