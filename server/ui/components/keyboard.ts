import { type Command, COMMANDS, GLOBAL_KEYS, type Page } from "./commands.ts";
import { type Field, FieldHistory } from "./field_history.ts";
import { renderNow } from "./render_now.ts";

/** The longest time between the two keys of a command such as `dd`, in milliseconds. */
const SECOND_KEY_MS = 700;

/** The history's actions by the type of the browser's event. */
const HISTORY: Record<string, "undo" | "redo"> = { historyUndo: "undo", historyRedo: "redo" };

/** Starts the commands of pressed keys; returns a function that stops listening. */
export function listenToKeys(page: () => Page | undefined): () => void {
  const fields = new FieldHistory();
  let first = "";
  let firstAt = 0;

  function onKeyDown(event: KeyboardEvent): void {
    const current = page();
    if (!current || event.defaultPrevented || event.isComposing) return;
    const key = nameOf(event);
    const everywhere = find(GLOBAL_KEYS, key);
    if (everywhere?.history && isField(event.target)) {
      event.preventDefault();
      return fields[everywhere.history](event.target);
    }
    if (everywhere && !isDialogOpen()) return run(everywhere, current, event);
    if (!isCell(event.target) || isTyping(event.target) || isDialogOpen()) return;
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

  /** Takes the place of the browser's history, which menus and keys reach. */
  function onBeforeInput(event: InputEvent): void {
    const { inputType, target } = event;
    const action = HISTORY[inputType];
    if (!action) {
      if (isField(target)) fields.note(target);
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    if (isField(target)) fields[action](target);
    else page()?.session.notebook[action]();
  }

  // Capturing runs before the editors' own listeners, which would insert a line for Shift-Enter.
  document.addEventListener("keydown", onKeyDown, { capture: true });
  document.addEventListener("beforeinput", onBeforeInput, { capture: true });
  return () => {
    document.removeEventListener("keydown", onKeyDown, { capture: true });
    document.removeEventListener("beforeinput", onBeforeInput, { capture: true });
  };
}

function find(commands: readonly Command[], key: string): Command | undefined {
  return commands.find(({ keys }) => keys.includes(key));
}

function run(command: Command, page: Page, event: KeyboardEvent): void {
  event.preventDefault();
  event.stopPropagation();
  renderNow(() => command.run(page));
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

/** True for fields that are no part of the notebook, such as a search. */
function isField(target: EventTarget | null): target is Field {
  return (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement) &&
    !target.matches(".title");
}

/** True for a cell and for what is in it. */
function isCell(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(".cell") !== null;
}

function isDialogOpen(): boolean {
  return document.querySelector("dialog[open]") !== null;
}
