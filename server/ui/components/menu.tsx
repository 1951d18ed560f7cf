import { useLayoutEffect, useRef, useState } from "preact/hooks";

/** An entry of a {@linkcode Menu}. */
export interface MenuItem {
  name: string;
  label: string;
  disabled?: boolean;
  run: () => void;
}

/** A button that opens a list of actions. */
export function Menu({ label, name, items }: { label: string; name: string; items: MenuItem[] }) {
  const [isOpen, setOpen] = useState(false);
  const menu = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => {
    if (isOpen) menu.current?.querySelector<HTMLElement>("[role=menuitem]:enabled")?.focus();
  }, [isOpen]);

  /** Arrow keys go round the list, and Escape goes back to the button. */
  function onKeyDown(event: KeyboardEvent) {
    const entries = [...menu.current!.querySelectorAll<HTMLElement>("[role=menuitem]:enabled")];
    const at = entries.indexOf(document.activeElement as HTMLElement);
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by !== undefined) entries.at((at + by) % entries.length)?.focus();
    else if (event.key === "Escape") {
      setOpen(false);
      button.current?.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <div
      class="menu"
      onFocusOut={({ relatedTarget, currentTarget }) => {
        if (!currentTarget.contains(relatedTarget as Node | null)) setOpen(false);
      }}
    >
      <button
        ref={button}
        type="button"
        class="tool"
        data-testid={name}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        {label} ▾
      </button>
      {isOpen && (
        <div ref={menu} role="menu" aria-label={label} class="menu-items" onKeyDown={onKeyDown}>
          {items.map(({ name, label, disabled = false, run }) => (
            <button
              key={name}
              type="button"
              role="menuitem"
              tabIndex={-1}
              data-testid={name}
              disabled={disabled}
              onClick={() => {
                setOpen(false);
                run();
              }}
            >
              {label}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
