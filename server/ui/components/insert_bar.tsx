import { type Cell, type CellType, createCell } from "../notebook/cell.ts";
import type { Page } from "./commands.ts";

/** The buttons between two cells that insert one there. */
export function InsertBar({ page, cell }: { page: Page; cell: Cell }) {
  const { notebook } = page.session;
  function insert(type: CellType) {
    notebook.select(cell);
    notebook.select(notebook.insert("below", createCell(type)), "edit");
  }
  return (
    <div class="insert-bar">
      <button
        type="button"
        tabIndex={-1}
        data-testid="insert-code"
        aria-label="Code: insert a cell here"
        onClick={() => insert("code")}
      >
        + Code
      </button>
      <button
        type="button"
        tabIndex={-1}
        data-testid="insert-markdown"
        aria-label="Text: insert a cell here"
        onClick={() => insert("markdown")}
      >
        + Text
      </button>
    </div>
  );
}
