import { effect, type Signal } from "@preact/signals";

/** The time after the last change of a title until the file is renamed, in milliseconds. */
const RENAME_AFTER_MS = 1_000;

/** Returns the name of a notebook's file without folder and extension. */
export function stemOf(path: string): string {
  return path.split("/").at(-1)!.replace(/\.ipynb$/, "");
}

/**
 * Keeps the title of a notebook and the name of its file the same, until the returned function is called:
 * `rename` gets the path after a new title, and `onPath` is called after each change of the path.
 */
export function followTitle(
  title: Signal<string>,
  path: Signal<string>,
  rename: (to: string) => Promise<void>,
  onPath: () => void,
): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stopPath = effect(() => {
    const stem = stemOf(path.value);
    onPath();
    if (title.peek() !== stem) title.value = stem;
  });
  const stopTitle = effect(() => {
    const wanted = title.value.trim().replaceAll("/", "-");
    clearTimeout(timer);
    if (wanted === "" || wanted === stemOf(path.peek())) return;
    timer = setTimeout(() => {
      const folder = path.peek().split("/").slice(0, -1);
      void rename([...folder, `${wanted}.ipynb`].join("/"));
    }, RENAME_AFTER_MS);
  });
  return () => {
    clearTimeout(timer);
    stopPath();
    stopTitle();
  };
}
