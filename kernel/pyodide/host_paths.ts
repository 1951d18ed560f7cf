import { fileURLToPath } from "node:url";
import type { ErrorHandler } from "./emscripten.ts";

/** The directory of this project, as stack traces and messages name it. */
const PROJECT = new URL("../../", import.meta.url).href;
const PLACES = PROJECT.startsWith("file:") ? [PROJECT, fileURLToPath(PROJECT)] : [PROJECT];

/** Takes this host's paths out of what JavaScript threw, before Python shows it. */
export function hidePaths(handle: ErrorHandler): ErrorHandler {
  return (error) => {
    if (error instanceof Error) {
      shorten(error, "stack");
      shorten(error, "message");
    }
    handle(error);
  };
}

function shorten(error: Error, property: "stack" | "message"): void {
  try {
    const text = error[property];
    if (typeof text !== "string") return;
    const shown = PLACES.reduce((shorter, place) => shorter.replaceAll(place, ""), text);
    if (shown !== text) error[property] = shown;
  } catch {
    // The properties of an error can be made unreadable only by user code, which knows their text then.
  }
}
