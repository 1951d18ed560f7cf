import { batch } from "@preact/signals";
import { options } from "preact";

/**
 * Runs an action and renders what it changes before this returns, so that the next key that is pressed
 * finds the focus where the action has moved it.
 */
export function renderNow(action: () => void): void {
  const { debounceRendering } = options;
  let render: (() => void) | undefined;
  // All at once after the action: a parent moves its children before they take the focus.
  options.debounceRendering = (due) => render = due;
  try {
    batch(action);
    render?.();
  } finally {
    if (debounceRendering) options.debounceRendering = debounceRendering;
    else delete options.debounceRendering;
  }
}
