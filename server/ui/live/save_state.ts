/** The state of a notebook whose file the server keeps. */
export type SaveState =
  | { kind: "connecting" }
  /** Nothing is missing, but changes of others do not come. */
  | { kind: "disconnected" }
  | { kind: "saving" }
  | { kind: "saved" }
  | { kind: "unsaved"; reason: string }
  /** Another program has changed the file too. */
  | { kind: "conflict" };

/** Says in words how a notebook is saved. */
export function saveText(state: SaveState, path: string): string {
  switch (state.kind) {
    case "connecting":
      return `Opening ${path}…`;
    case "disconnected":
      return "The server cannot be reached";
    case "saving":
      return "Saving…";
    case "saved":
      return `Saved as ${path}`;
    case "unsaved":
      return `Not saved: ${state.reason}`;
    case "conflict":
      return `Not saved: ${path} was changed by another program`;
  }
}
