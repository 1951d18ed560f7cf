from __future__ import annotations

import copy
import os
import pickle

from .support import KernelCase


class BuiltinFunctions(KernelCase):
    def test_they_stay_functions_as_attributes_of_classes(self) -> None:
        self.ok("import io, os\nclass A:\n    open = open\n    read = os.read\na = A()")
        self.assertEqual(self.ok("with a.open('/dev/null', 'rb') as file: data = file.read()\ndata"), "b''")
        self.assertEqual(self.ok("fd = os.open('/dev/null', os.O_RDONLY); a.read(fd, 5)"), "b''")
        self.ok("os.close(fd)")

    def test_they_look_like_those_of_python(self) -> None:
        self.assertEqual(self.ok("import os; open.__name__, repr(os.read)"), "('open', '<built-in function read>')")
        self.assertIn("Open file and return a stream", self.ok("open.__doc__"))

    def test_they_are_pickled_by_name(self) -> None:
        read = os.read
        self.assertIs(copy.copy(read), read)
        self.assertIs(pickle.loads(pickle.dumps(read)), read)
        self.assertIs(pickle.loads(pickle.dumps(open)), open)
