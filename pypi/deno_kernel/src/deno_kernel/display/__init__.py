"""Display: the forms of objects, the objects that IPython offers for display, and their publication."""
