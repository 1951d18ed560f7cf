/** The names by which clients call the languages of kernels. */
const NAMES: Readonly<Record<string, string>> = {
  python: "python",
  python3: "python",
  py: "python",
  javascript: "javascript",
  js: "javascript",
  node: "javascript",
  typescript: "typescript",
  ts: "typescript",
  deno: "typescript",
  bash: "bash",
  sh: "bash",
};

/** Returns the name of a language as kernels know it, such as "javascript" for "js". */
export function languageNamed(name: string): string {
  const lower = name.toLowerCase();
  return Object.hasOwn(NAMES, lower) ? NAMES[lower]! : lower;
}
