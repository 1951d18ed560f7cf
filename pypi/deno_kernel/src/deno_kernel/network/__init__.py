"""The network: sockets, names and polling on the connections that the kernel's host makes to granted hosts."""
