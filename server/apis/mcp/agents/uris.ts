/** The URI of the page that shows a run. */
export const RUN_VIEW_URI = "ui://deno-code-interpreter/run";

/** Returns the URI of an output of a run. */
export function outputUri(run: string, index: number): string {
  return `run://${encodeURIComponent(run)}/outputs/${index}`;
}

/** Returns the URI of a file in a session; `path` is absolute. */
export function fileUri(session: string, path: string): string {
  const encoded = path.split("/").map(encodeURIComponent).join("/");
  return `session://${encodeURIComponent(session)}/files${encoded}`;
}

/** Returns the URI of the state of a session. */
export function stateUri(session: string): string {
  return `session://${encodeURIComponent(session)}/state`;
}
