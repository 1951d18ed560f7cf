"""Display: the forms of objects, what can be displayed, and where it goes."""
