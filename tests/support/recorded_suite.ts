/** The outcomes of the tests of a file. */
export interface Outcomes {
  passed: string[];
  skipped: number;
  /** The ends of the tracebacks, by the names of the tests. */
  failed: Record<string, string>;
}

/** Returns the name of a test without parameters: a record of it is one of all its parameters. */
export function nameOf(test: string): string {
  return test.replace(/\[.*$/s, "");
}

/** Compares outcomes with the record: what fails and is not in it, and what is in it and fails no more. */
export function differences(
  file: string,
  outcomes: Outcomes,
  recorded: ReadonlyMap<string, string>,
): { news: string[]; mended: string[] } {
  const bad = new Set(Object.keys(outcomes.failed).map(nameOf));
  return {
    news: [...bad].filter((name) => !recorded.has(name)),
    mended: [...recorded.keys()].filter((name) =>
      (name === file || name.startsWith(`${file}::`)) && !bad.has(name)
    ),
  };
}

/** Options for {@linkcode runRecorded}. */
export interface RecordedSuite {
  files: readonly string[];
  runFile: (file: string) => Promise<Outcomes>;
  /** The reasons of the recorded failures, by the names of the tests. */
  recorded: ReadonlyMap<string, string>;
}

/**
 * Runs the files that the program's arguments name, or all, prints their outcomes, and compares the failures with the
 * recorded ones. Resolves with the program's exit code.
 */
export async function runRecorded({ files, runFile, recorded }: RecordedSuite): Promise<number> {
  const names = Deno.args.filter((it) => !it.startsWith("--"));
  const details = Deno.args.includes("--details");
  let passed = 0, failed = 0, unexpected = 0;
  for (const file of files) {
    if (names.length > 0 && !names.some((name) => file.endsWith(`/test_${name}.py`))) continue;
    const outcomes = await runFile(file);
    const { news, mended } = differences(file, outcomes, recorded);
    const bad = Object.keys(outcomes.failed);
    console.log(`${file}: ${outcomes.passed.length} passed, ${bad.length} failed`);
    for (const name of details ? bad : []) console.log(`${name}\n${outcomes.failed[name]}\n`);
    for (const name of news) console.log(`  fails, and is not recorded: ${name}`);
    for (const name of mended) console.log(`  fails no more: take it off the record: ${name}`);
    passed += outcomes.passed.length;
    failed += bad.length;
    unexpected += news.length + mended.length;
  }
  console.log(`${passed} passed, ${failed} failed; ${unexpected} of these are news`);
  return unexpected > 0 ? 1 : 0;
}
