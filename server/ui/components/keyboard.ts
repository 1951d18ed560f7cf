import { type Command, COMMANDS, GLOBAL_KEYS, type Page } from "./commands.ts";

/** The longest time between the two keys of a command such as `dd`, in milliseconds. */
const SECOND_KEY_MS = 700;

/** Starts the commands of pressed keys; returns a function that stops listening. */
export function listenToKeys(page: () => Page | undefined): () => void {
  let first = "";
  let firstAt = 0;

  function onKeyDown(event: KeyboardEvent): void {
    const current = page();
    if (!current || event.defaultPrevented || event.isComposing) return;
    const key = nameOf(event);
    const everywhere = find(GLOBAL_KEYS, key);
    if (everywhere && !isDialogOpen()) return run(everywhere, current, event);
    if (isTyping(event.target) || isDialogOpen()) return;
    const double = performance.now() - firstAt < SECOND_KEY_MS
      ? find(COMMANDS, first + key)
      : undefined;
    first = key;
    firstAt = double ? 0 : performance.now();
    const command = double ?? find(COMMANDS, key);
    // Enter presses the button that has the focus.
    if (command && !(key === "Enter" && event.target instanceof HTMLButtonElement)) {
      run(command, current, event);
    }
  }

  // Capturing runs before the editors' own listeners, which would insert a line for Shift-Enter.
  document.addEventListener("keydown", onKeyDown, { capture: true });
  return () => document.removeEventListener("keydown", onKeyDown, { capture: true });
}

function find(commands: readonly Command[], key: string): Command | undefined {
  return commands.find(({ keys }) => keys.includes(key));
}

function run(command: Command, page: Page, event: KeyboardEvent): void {
  event.preventDefault();
  event.stopPropagation();
  command.run(page);
}

/** Names a key with its modifiers, such as `Shift-Enter`, `j` or `Shift-M`. */
function nameOf({ key, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent): string {
  const shifted = shiftKey && (key.length > 1 || /[a-z]/i.test(key));
  const parts = [ctrlKey && "Ctrl", metaKey && "Meta", altKey && "Alt", shifted && "Shift"];
  return [...parts.filter(Boolean), key].join("-");
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

function isDialogOpen(): boolean {
  return document.querySelector("dialog[open]") !== null;
}
