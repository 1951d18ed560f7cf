/** The most runs whose wanted files are remembered; the oldest is forgotten first. */
const MAX_RUNS = 10_000;

/** The files that the answers about runs should link, by the runs' ids: a run may outlast its call. */
export class RunArtifacts {
  readonly #paths = new Map<string, readonly string[]>();

  /** Remembers the files of a run. */
  add(run: string, paths: readonly string[]): void {
    if (paths.length === 0) return;
    this.#paths.set(run, paths);
    if (this.#paths.size > MAX_RUNS) this.#paths.delete(this.#paths.keys().next().value!);
  }

  /** Returns the files of a run. */
  of(run: string): readonly string[] {
    return this.#paths.get(run) ?? [];
  }
}
