import assert from "node:assert/strict";
import { cellNames } from "../../../../../server/services/notebooks/dependencies/cell_names.ts";

/** Returns names as text, such as "defines a b; reads c; mutates d". */
function namesOf(source: string): string {
  const { defines, reads, mutates } = cellNames(source);
  const parts = { defines, reads, mutates };
  return Object.entries(parts).filter(([, names]) => names.size > 0)
    .map(([part, names]) => [part, ...[...names].sort()].join(" ")).join("; ");
}

const CASES: Record<string, [source: string, names: string][]> = {
  "assignments": [
    ["x = y", "defines x; reads y"],
    ["x = x + 1", "defines x; reads x"],
    ["a, (b, *c) = d = f(x)", "defines a b c d; reads f x"],
    ["[a, b] = (c) = 1", "defines a b c"],
    ["x: T = 1", "defines x; reads T"],
    ["x: T", "reads T"],
    ["x = 1\ny = x", "defines x y"],
    ["x += y", "reads x y; mutates x"],
    ["x = 0\nx += 1", "defines x"],
    ["(n := f())", "defines n; reads f"],
    ["type X = Y", "defines X; reads Y"],
  ],
  "changes of objects": [
    ["a.b.c = 1", "reads a; mutates a"],
    ["a[i] = b", "reads a b i; mutates a"],
    ["df['x'] += 1", "reads df; mutates df"],
    ["del a, b[c], d.e", "reads a b c d; mutates b d"],
    ["x.append(1)", "reads x; mutates x"],
    ["x.y.update(z)", "reads x z; mutates x"],
    ["df.drop('a', inplace=True)", "reads df; mutates df"],
    ["x = []\nx.append(y)", "defines x; reads y"],
    ["x.upper()", "reads x"],
  ],
  "imports": [
    ["import a.b, c as d, e.f as g", "defines a d g"],
    ["from a.b import (c as d, e)", "defines d e"],
    ["from . import *", ""],
    ["from .m import x", "defines x"],
  ],
  "functions": [
    [
      "@deco(q)\ndef f(a: T, b=c, *args, **kw) -> R:\n  z = a + b\n  return h(z, args, kw)",
      "defines f; reads R T c deco h q",
    ],
    ["def f():\n  return g()\ndef g():\n  return 1", "defines f g"],
    ["def f():\n  global n\n  n = m", "defines f n; reads m"],
    ["def f():\n  x = 1\n  def g():\n    nonlocal x\n    x = y\n  return g", "defines f; reads y"],
    ["def f():\n  print(x)\n  x = 1", "defines f; reads print"],
    ["def f():\n  items.append(1)", "defines f; reads items"],
    ["k = lambda a, *b, c=d, **e: a + f", "defines k; reads d f"],
    ["def f[T: Q](a: int): return T", "defines f; reads int"],
    ["async def f(): await g()", "defines f; reads g"],
  ],
  "classes": [
    [
      "class A(B, metaclass=M):\n  x = y\n  z = x\n  def m(self): return x + w",
      "defines A; reads B M w x y",
    ],
  ],
  "comprehensions": [
    ["[i for i in x]", "reads x"],
    ["[x for x in x if x > m]", "reads m x"],
    ["{k: v for k, v in d.items()}", "reads d"],
    ["f(y for y in z)", "reads f z"],
    ["[y for a in b for y in a.c]", "reads b"],
    ["any((hit := n) for n in ns)", "defines hit; reads any ns"],
  ],
  "statements": [
    ["for i, j in z:\n  print(i)\nelse: w", "defines i j; reads print w z"],
    ["with open(p) as f, g() as h:\n  f.read()", "defines f h; reads g open p"],
    ["try:\n  a\nexcept (E, F) as e:\n  e\nfinally: c", "defines e; reads E F a c"],
    ["if c:\n  x = 1\nelse:\n  x = 2\nx", "defines x; reads c"],
    ["if c:\n  x = 1\nx", "defines x; reads c x"],
    ["while (n := f()):\n  n", "defines n; reads f"],
    [
      "match p:\n  case Point(x=a, y=[b, *r]) | {'k': v, **kw} if c: a\n  case M.N: b\n  case _: d",
      "defines _ a b kw r v; reads M Point b c d p",
    ],
    ["assert a, b", "reads a b"],
    ["raise A from b", "reads A b"],
    ["print(x, file=y)", "reads print x y"],
    ["f'{a!r:{b}} {c + d}'", "reads a b c d"],
  ],
  "a notebook's own lines": [
    ["%matplotlib inline\ny = 1", "defines y"],
    ["!ls {x}\nlen?\nz", "reads x z"],
    ["!awk '{print $1}' $directory/{a.b} $$", "reads a directory"],
    ["files = !ls", "defines files"],
    ["files = !ls {x}", "defines files; reads x"],
    ["%time y = x", "defines y; reads x"],
    ["if a:\n    %timeit -n 10 -r3 f(x)", "reads a f x"],
    ["%%bash\necho $x", ""],
    ["\n%%time\ny = x", "defines y; reads x"],
  ],
};

for (const [name, cases] of Object.entries(CASES)) {
  Deno.test(`cellNames() finds the names of ${name}`, () => {
    for (const [source, names] of cases) assert.equal(namesOf(source), names, source);
  });
}

Deno.test("cellNames() says when it cannot read all of a cell, and reads the rest", () => {
  const names = cellNames("x = (\ny = 3\nz = 4");
  assert.equal(names.isComplete, false);
  assert.equal(cellNames("x = 1").isComplete, true);
  assert.equal(cellNames("(".repeat(100_000)).isComplete, false);
  assert.equal(cellNames("x = 1\n".repeat(300_000)).isComplete, false);
});
