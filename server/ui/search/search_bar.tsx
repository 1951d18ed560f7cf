import type { Signal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Search } from "./search.ts";

/** The bar that finds and replaces text in all cells. */
export function SearchBar({ search, onClose }: { search: Search; onClose: () => void }) {
  const field = useRef<HTMLInputElement>(null);
  // At once: what is typed right after the key belongs here.
  useLayoutEffect(() => {
    field.current!.focus();
    field.current!.select();
  }, []);
  const count = search.found.value.length;
  const place = count === 0 ? "Nothing" : `${Math.min(search.at.value + 1, count)} of ${count}`;
  return (
    <search
      class="search-bar"
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.preventDefault();
        // The focus is free for the cell.
        (document.activeElement as HTMLElement).blur();
        onClose();
      }}
    >
      <input
        ref={field}
        data-testid="search-query"
        aria-label="Find in all cells"
        placeholder="Find"
        value={search.query.value}
        onInput={(event) => {
          search.query.value = event.currentTarget.value;
          search.show(0);
        }}
        onKeyDown={(event) => {
          if (event.key !== "Enter") return;
          event.preventDefault();
          search.step(event.shiftKey ? -1 : 1);
        }}
      />
      <Switch label="Aa" name="Match case" value={search.isCaseSensitive} />
      <Switch label=".*" name="Regular expression" value={search.isRegExp} />
      <span
        class={search.problem.value ? "problem" : "muted"}
        role="status"
        data-testid="search-count"
      >
        {search.problem.value || (search.query.value && place)}
      </span>
      <button type="button" aria-label="Previous place" onClick={() => search.step(-1)}>↑</button>
      <button type="button" aria-label="Next place" onClick={() => search.step(1)}>↓</button>
      <input
        data-testid="search-replacement"
        aria-label="Replace with"
        placeholder="Replace with"
        value={search.replacement.value}
        onInput={(event) => search.replacement.value = event.currentTarget.value}
        onKeyDown={(event) => {
          if (event.key !== "Enter") return;
          event.preventDefault();
          search.replaceOne();
        }}
      />
      <button type="button" disabled={count === 0} onClick={() => search.replaceOne()}>
        Replace
      </button>
      <button
        type="button"
        data-testid="replace-all"
        disabled={count === 0}
        onClick={() => {
          search.replaceAll();
          // The button is off now, and would take the focus with it.
          field.current!.focus();
        }}
      >
        Replace all
      </button>
      <button type="button" aria-label="Close the search" onClick={onClose}>✕</button>
    </search>
  );
}

function Switch({ label, name, value }: { label: string; name: string; value: Signal<boolean> }) {
  return (
    <button
      type="button"
      title={name}
      aria-label={`${label} ${name}`}
      aria-pressed={value.value}
      onClick={() => value.value = !value.peek()}
    >
      {label}
    </button>
  );
}
