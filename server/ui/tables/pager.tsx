/** Options for {@linkcode Pager}. */
export interface PagerProps {
  /** The name of what is paged through. */
  name: "rows" | "columns";
  /** The first one that is shown, from 0 on. */
  offset: number;
  /** The number that is shown at a time. */
  limit: number;
  count: number;
  onChange: (offset: number) => void;
}

/** Buttons that go through rows or columns in pages; it is nothing when there is one page. */
export function Pager({ name, offset, limit, count, onChange }: PagerProps) {
  if (count <= limit) return null;
  const last = Math.floor((count - 1) / limit) * limit;
  const step = (label: string, symbol: string, to: number, disabled: boolean) => (
    <button
      type="button"
      aria-label={`${label} ${name}`}
      title={`${label} ${name}`}
      disabled={disabled}
      onClick={() => onChange(to)}
    >
      {symbol}
    </button>
  );
  return (
    <span class="pager">
      {step("First", "«", 0, offset === 0)}
      {step("Previous", "‹", Math.max(0, offset - limit), offset === 0)}
      <span>
        {`${(offset + 1).toLocaleString("en")}–${
          Math.min(offset + limit, count).toLocaleString("en")
        }${name === "columns" ? ` of ${count.toLocaleString("en")} columns` : ""}`}
      </span>
      {step("Next", "›", offset + limit, offset + limit >= count)}
      {step("Last", "»", last, offset + limit >= count)}
    </span>
  );
}
