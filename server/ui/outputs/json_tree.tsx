import { useState } from "preact/hooks";
import { cut } from "./plain_text.ts";

/** The number of a value's children that are shown before the reader asks for more. */
const PAGE = 100;

/** The most characters that are shown of a string and of a key. */
const MAX_STRING = 10_000;
const MAX_KEY = 100;

/** A JSON value as a tree whose branches unfold. */
export function JsonTree({ value, name, open = false }: {
  value: unknown;
  name?: string;
  open?: boolean;
}) {
  const [isOpen, setOpen] = useState(open);
  const [shown, setShown] = useState(PAGE);
  const label = name === undefined ? null : <span class="json-key">{cut(name, MAX_KEY)}:</span>;
  if (typeof value !== "object" || value === null) {
    return (
      <div class="json-leaf">
        {label} <Leaf value={value} />
      </div>
    );
  }
  const children = Object.entries(value);
  const summary = Array.isArray(value)
    ? `[${children.length}]`
    : `{${children.slice(0, 5).map(([key]) => cut(key, MAX_KEY)).join(", ")}${
      children.length > 5 ? ", …" : ""
    }}`;
  return (
    <details open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        {label} <span class="json-summary">{summary}</span>
      </summary>
      {isOpen && (
        <div class="json-children">
          {children.slice(0, shown).map(([key, child]) => (
            <JsonTree key={key} name={key} value={child} />
          ))}
          {children.length > shown && (
            <button
              type="button"
              class="link"
              onClick={() => setShown(shown + PAGE)}
            >
              {children.length - shown} more
            </button>
          )}
        </div>
      )}
    </details>
  );
}

function Leaf({ value }: { value: unknown }) {
  const shown = typeof value === "string" ? cut(value, MAX_STRING) : value;
  return (
    <span class={`json-${value === null ? "null" : typeof value}`}>{JSON.stringify(shown)}</span>
  );
}
