import { batch } from "@preact/signals";
import { options } from "preact";

/**
 * Runs an action and renders what it changes before this returns, so that the next key that is pressed
 * finds the focus where the action has moved it.
 */
export function renderNow(action: () => void): void {
  const { debounceRendering } = options;
  options.debounceRendering = (render) => render();
  try {
    batch(action);
  } finally {
    if (debounceRendering) options.debounceRendering = debounceRendering;
    else delete options.debounceRendering;
  }
}
