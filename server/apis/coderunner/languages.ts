import { HttpError } from "../../errors/http_error.ts";
import type { KernelKinds } from "../../services/kernels/kinds.ts";

/** A language as CodeRunner's clients know it. */
interface Language {
  /** Other names that clients use. */
  aliases: string[];
  /** The first line that makes a Python command one of this language; null: there is none. */
  magic: string | null;
}

/** The languages that CodeRunner's clients may ask for, the default one first. */
const LANGUAGES: Readonly<Record<string, Language>> = {
  python: { aliases: ["py", "python3"], magic: null },
  bash: { aliases: ["sh", "shell", "bash"], magic: "%%bash" },
  javascript: { aliases: ["js", "node"], magic: "%%javascript" },
  typescript: { aliases: ["ts"], magic: null },
};

/** The language of commands whose sender names none. */
export const DEFAULT_LANGUAGE = "python";

/** Returns the languages that kernels of this server can have, by name. */
export function offeredLanguages(kinds: KernelKinds): Record<string, Language> {
  const offered = new Set(kinds.list().map(({ language }) => language));
  return Object.fromEntries(Object.entries(LANGUAGES).filter(([name]) => offered.has(name)));
}

/**
 * Returns the name of the language that a client asks for by name or alias.
 *
 * @throws {HttpError} 400 when this server has no such language.
 */
export function languageOf(kinds: KernelKinds, asked: string): string {
  const offered = offeredLanguages(kinds);
  const name = asked.trim().toLowerCase();
  for (const [language, { aliases }] of Object.entries(offered)) {
    if (language === name || aliases.includes(name)) return language;
  }
  throw new HttpError(
    400,
    "invalid_argument",
    `Unsupported language: "${asked.slice(0, 100)}"; use one of ${Object.keys(offered).join(", ")}`,
  );
}

/** Code together with its language. */
export interface Command {
  language: string;
  code: string;
}

/** Returns a command without the magic by which its first line names another language. */
export function withoutMagic(kinds: KernelKinds, { language, code }: Command): Command {
  if (language !== DEFAULT_LANGUAGE) return { language, code };
  for (const [other, { magic }] of Object.entries(offeredLanguages(kinds))) {
    const [first = "", ...rest] = code.split("\n");
    if (magic !== null && first.trim() === magic) {
      return { language: other, code: rest.join("\n") };
    }
  }
  return { language, code };
}
