import type { Page } from "./commands.ts";

/** The examples for a notebook in which nothing is yet, by their names. */
const EXAMPLES = {
  "A plot": `import numpy as np
import matplotlib.pyplot as plt

x = np.linspace(0, 10, 200)
plt.plot(x, np.sin(x), label="sin")
plt.plot(x, np.cos(x), label="cos")
plt.legend()
plt.show()`,
  "A table": `import pandas as pd

pd.DataFrame({
    "city": ["Berlin", "Lima", "Nairobi", "Oslo", "Seoul"],
    "people": [3_700_000, 10_100_000, 4_400_000, 700_000, 9_400_000],
    "founded": [1237, 1535, 1899, 1040, 1394],
})`,
  "A form": `from ipywidgets import interact

@interact(greeting=["Hello", "Good morning"], name="World", times=(1, 5))
def greet(greeting, name, times=1):
    print("\\n".join([f"{greeting}, {name}!"] * times))`,
} as const;

/** Buttons that fill and run a notebook in which nothing is yet; nothing for other notebooks. */
export function Examples({ page: { session } }: { page: Page }) {
  const { notebook } = session;
  const [cell, ...others] = notebook.cells.value;
  const isEmpty = cell !== undefined && others.length === 0 && cell.type.value === "code" &&
    cell.source.value === "" && cell.outputs.value.length === 0;
  if (!isEmpty || session.language.value !== "python") return null;
  return (
    <div class="examples" role="group" aria-label="Examples" data-testid="examples">
      <span class="muted">Begin with</span>
      {Object.entries(EXAMPLES).map(([name, source]) => (
        <button
          key={name}
          type="button"
          onClick={() => {
            notebook.edit(cell, source);
            notebook.select(cell);
            notebook.requestFocus();
            void session.run(cell);
          }}
        >
          {name}
        </button>
      ))}
    </div>
  );
}
