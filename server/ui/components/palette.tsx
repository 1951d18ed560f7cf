import { useRef, useState } from "preact/hooks";
import { type Command, COMMANDS, GLOBAL_KEYS, OTHER_COMMANDS, type Page } from "./commands.ts";
import { Dialog } from "./dialog.tsx";
import { renderNow } from "./render_now.ts";

const ALL = [...GLOBAL_KEYS, ...OTHER_COMMANDS, ...COMMANDS]
  .filter(({ label }, index, all) => all.findIndex((it) => it.label === label) === index);

/** The dialog that finds a command by words of its name. */
export function Palette({ page, onClose }: { page: Page; onClose: () => void }) {
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const list = useRef<HTMLUListElement>(null);
  const words = query.toLowerCase().split(/\s+/);
  const found = ALL.filter(({ label }) =>
    words.every((word) => label.toLowerCase().includes(word))
  );
  const chosen = Math.min(at, found.length - 1);

  function run(command: Command | undefined) {
    if (!command) return;
    // First: the command may open another dialog.
    onClose();
    renderNow(() => command.run(page));
  }

  function onKeyDown(event: KeyboardEvent) {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by !== undefined) {
      const next = (chosen + by + found.length) % Math.max(1, found.length);
      setAt(next);
      list.current?.children[next]?.scrollIntoView({ block: "nearest" });
    } else if (event.key === "Enter") run(found[chosen]);
    else return;
    event.preventDefault();
  }

  return (
    <Dialog title="Commands" onClose={onClose}>
      <input
        class="palette-query"
        data-testid="palette-query"
        aria-label="Words of a command's name"
        role="combobox"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={found.length > 0 ? `palette-${chosen}` : undefined}
        placeholder="Words of its name"
        autofocus
        value={query}
        onInput={(event) => {
          setQuery(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <ul ref={list} id="palette-list" class="palette" role="listbox" aria-label="Commands">
        {found.map((command, index) => (
          <li
            key={command.label}
            id={`palette-${index}`}
            role="option"
            aria-selected={index === chosen}
            onClick={() => run(command)}
          >
            <span>{command.label}</span>
            <span>
              {command.keys.map((key) => <kbd key={key}>{key.replace("Arrow", "")}</kbd>)}
            </span>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
