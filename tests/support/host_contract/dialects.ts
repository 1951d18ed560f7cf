/** The cells that the language-neutral part of the contract executes, in one language. */
export interface Dialect {
  language: string;
  /** Writes a word and a newline to stdout. */
  print(word: string): string;
  /** Raises this exception. */
  raise: { code: string; ename: string; evalue: string };
  /** Waits until it is interrupted. */
  wait: string;
  /** Computes until it is interrupted. */
  spin: string;
  /** Writes the value of an environment variable and a newline to stdout. */
  printEnv(name: string): string;
  /** Writes the working directory and a newline to stdout. */
  printCwd: string;
  home: string;
}

/** Python's cells. */
export const PYTHON: Dialect = {
  language: "python",
  print: (word) => `print("${word}")`,
  raise: { code: "raise ValueError('no value')", ename: "ValueError", evalue: "no value" },
  wait: "import asyncio\nawait asyncio.sleep(60)",
  spin: "while True: pass",
  printEnv: (name) => `import os\nprint(os.environ["${name}"])`,
  printCwd: "import os\nprint(os.getcwd())",
  home: "/home/pyodide",
};

/** JavaScript's cells. */
export const JAVASCRIPT: Dialect = {
  language: "javascript",
  print: (word) => `console.log("${word}")`,
  raise: { code: "throw new TypeError('no value')", ename: "TypeError", evalue: "no value" },
  wait: "await new Promise(() => {})",
  spin: "for (;;);",
  printEnv: (name) => `console.log(Deno.env.get("${name}"))`,
  printCwd: "console.log(Deno.cwd())",
  home: "/home/deno",
};

/** TypeScript's cells. */
export const TYPESCRIPT: Dialect = {
  ...JAVASCRIPT,
  language: "typescript",
  print: (word) => `const word: string = "${word}"; console.log(word)`,
  wait: "await new Promise<void>(() => {})",
  spin: "while (true as boolean) { let n: number = 1; n++ }",
};

/** The cells of bash. */
export const BASH: Dialect = {
  language: "bash",
  print: (word) => `echo ${word}`,
  raise: { code: "exit 7", ename: "ExitStatus", evalue: "the cell ended with status 7" },
  wait: "sleep 100",
  spin: "while :; do :; done",
  printEnv: (name) => `printf '%s\\n' "$${name}"`,
  printCwd: "pwd",
  home: "/home/user",
};

/** The cells of the echo language, which shows that hosts depend on no language. */
export const ECHO: Dialect = {
  language: "echo",
  print: (word) => word,
  raise: { code: "raise no value", ename: "EchoError", evalue: "no value" },
  wait: "wait",
  spin: "spin",
  printEnv: (name) => `env ${name}`,
  printCwd: "cwd",
  home: "/echo",
};
