import { z } from "zod";

/** The most characters of one variable's value. */
const MAX_VALUE = 128 * 1024;

/** Environment variables by name. */
export const environmentSchema = z.record(
  z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "use letters, digits and _ in a variable's name"),
  z.string().max(MAX_VALUE).regex(/^[^\0]*$/, "NUL is not allowed"),
).refine((it) => Object.keys(it).length <= 1_000, "use at most 1000 variables");

/** Code that runs before and after other code, and shows nothing. */
export interface Surroundings {
  before: string;
  after: string;
}

/** Returns the code that sets environment variables for what runs between, and brings back those that were. */
export function environmentCode(language: string, env: Record<string, string>): Surroundings {
  const names = Object.keys(env);
  switch (language) {
    case "bash":
      return {
        before: names.map((name) =>
          `${saved(name)}="\${${name}-}" ; export ${name}=${quoted(env[name]!)}`
        )
          .join("\n"),
        after: names.map((name) =>
          `if [ -n "$${saved(name)}" ]; then export ${name}="$${
            saved(name)
          }"; else unset ${name}; fi; unset ${saved(name)}`
        ).join("\n"),
      };
    case "javascript":
    case "typescript":
      return {
        before: `{ const kept = [];
          for (const [name, value] of Object.entries(${JSON.stringify(env)})) {
            kept.push([name, Deno.env.get(name)]);
            Deno.env.set(name, value);
          }
          globalThis[Symbol.for("e2b.environment")] = kept; }`,
        after: `for (const [name, value] of globalThis[Symbol.for("e2b.environment")]) {
            if (value === undefined) Deno.env.delete(name); else Deno.env.set(name, value);
          }`,
      };
    default: {
      const module = `__import__("deno_kernel.e2b.environment", fromlist=["change"])`;
      return {
        before: `${module}.change(${JSON.stringify(JSON.stringify(env))})`,
        after: `${module}.restore()`,
      };
    }
  }
}

function saved(name: string): string {
  return `__e2b_${name}`;
}

/** Quotes a text for a shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
