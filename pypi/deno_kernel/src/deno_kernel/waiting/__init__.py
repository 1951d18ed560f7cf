"""Waiting: waits inside synchronous code that an interrupt can end, timers, the event loop's callbacks and input."""
