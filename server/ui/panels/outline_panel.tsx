import type { Cell } from "../notebook/cell.ts";
import { headingsOf } from "../notebook/headings.ts";
import type { Session } from "../session/session.ts";

/** The headings of the notebook, and what is odd about the names of its cells. */
export function OutlinePanel({ session }: { session: Session }) {
  const { notebook, staleness } = session;
  const cells = notebook.cells.value;
  const headings = headingsOf(cells);
  const go = (cell: Cell | undefined) => {
    if (cell) notebook.select(cell);
  };
  const link = (id: string, place: number) => {
    const index = cells.findIndex((cell) => cell.id === id);
    return (
      <span key={id}>
        {place > 0 && ", "}
        <button type="button" class="link" onClick={() => go(cells[index])}>
          cell {index + 1}
        </button>
      </span>
    );
  };
  return (
    <>
      {headings.length === 0 && <p class="muted">Headings of text cells are listed here.</p>}
      <ul class="outline">
        {headings.map(({ cell, level, text }, index) => (
          <li key={index} style={{ paddingInlineStart: `${(level - 1) * 14}px` }}>
            <button
              type="button"
              class="link"
              data-testid="heading"
              onClick={() =>
                go(cell)}
            >
              {text}
            </button>
          </li>
        ))}
      </ul>
      {(staleness.redefinitions.value.length > 0 || staleness.cycles.value.length > 0) && (
        <section aria-labelledby="names-title" data-testid="names">
          <h3 id="names-title">Names</h3>
          <ul class="outline">
            {staleness.redefinitions.value.map(({ name, cells }) => (
              <li key={name}>
                <code>{name}</code> is defined in {cells.map(link)}
              </li>
            ))}
            {staleness.cycles.value.map((cycle) => (
              <li key={cycle.join()}>
                These need each other: {cycle.map(link)}
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}
