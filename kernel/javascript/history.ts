import type { HistoryEntry, HistoryQuery } from "../calls/replies.ts";

/** The inputs of a kernel, by number. */
export class History {
  readonly #inputs: string[] = [];

  /** Adds the input of an execution. */
  add(code: string): void {
    this.#inputs.push(code);
  }

  /** Selects inputs as Jupyter's protocol describes it. There are no outputs and no earlier sessions. */
  select(
    { accessType, session = 0, start = 1, stop, n, pattern, unique }: HistoryQuery,
  ): HistoryEntry[] {
    const all = this.#inputs.map((code, index): HistoryEntry => [0, index + 1, code]);
    switch (accessType) {
      case "range":
        return session === 0 ? all.slice(Math.max(0, start - 1), stop && stop - 1) : [];
      case "tail":
        return n === undefined ? all : all.slice(Math.max(0, all.length - n));
      case "search": {
        const glob = globPattern(pattern ?? "*");
        const found = all.filter(([, , code]) => glob.test(code as string));
        const last = new Map(found.map((entry) => [entry[2], entry]));
        const kept = unique ? found.filter((entry) => last.get(entry[2]) === entry) : found;
        return n === undefined ? kept : kept.slice(-n);
      }
    }
  }
}

function globPattern(glob: string): RegExp {
  const source = glob.replace(/[.+^${}()|\\]/g, "\\$&").replaceAll("*", "[^]*").replaceAll(
    "?",
    "[^]",
  );
  try {
    return new RegExp(`^${source}$`, "u");
  } catch {
    return /^$/;
  }
}
