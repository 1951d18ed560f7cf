import assert from "node:assert/strict";
import { stripVTControlCharacters } from "node:util";
import type { ExecuteResult } from "../../../kernel/mod.ts";
import { createKernel } from "../../support/mod.ts";

/** A cell, and what Deno's own Jupyter kernel has shown for it; `record_deno_jupyter.py` records it. */
interface Recorded {
  code: string;
  outputs: string[];
}

const RECORDED: Recorded[] = JSON.parse(
  await Deno.readTextFile(new URL("deno_jupyter.json", import.meta.url)),
);

/** The cells for which this kernel shows something else, and why. */
const KNOWN: Readonly<Record<string, { outputs: string; why: string }>> = {
  "null": {
    outputs: 'execute_result: {"text/plain":"null"}',
    why: "null is a value, and only undefined is nothing",
  },
  "let = 3 3": {
    outputs: "error: SyntaxError: Expected ';', '}' or <eof> (line 1)",
    why: "Deno says so in the reply alone, and notebooks show nothing",
  },
  "new Error('value')": {
    outputs: 'execute_result: {"text/plain":"Error: value\\n    at In[21]:1:1"}',
    why: "a place is one in a cell",
  },
  "10n ** 20n": {
    outputs: 'execute_result: {"text/plain":"100000000000000000000n"}',
    why: "Deno does not get the value of a BigInt across to its kernel",
  },
  "throw 'text'": {
    outputs: 'error: Uncaught: Uncaught "text"',
    why: "a text is no error, so it has no class",
  },
};

/** Returns what a cell shows, in the form of the recorded texts. */
function seen({ outputs, error }: ExecuteResult): string {
  const texts = outputs.map((it) => {
    if (it.output_type === "stream") return `${it.name}: ${it.text}`;
    if (it.output_type === "error") return `error: ${it.ename}: ${it.evalue}`;
    return `${it.output_type}: ${JSON.stringify("data" in it ? it.data : {})}`;
  });
  return texts.length > 0 || !error ? texts.join("\n") : `error: ${error.ename}: ${error.evalue}`;
}

/** Removes colours, which front ends add, and puts the texts of a stream together. */
function plain(outputs: readonly string[]): string {
  return outputs.map((it) => {
    const [, kind = "", json = ""] = /^(\w+): (\{.*\})$/s.exec(it) ?? [];
    if (!kind.startsWith("execute") && !kind.startsWith("display")) return it;
    const data: Record<string, string> = JSON.parse(json);
    const entries = Object.entries(data).map((
      [type, text],
    ) => [type, stripVTControlCharacters(text)]);
    return `${kind}: ${JSON.stringify(Object.fromEntries(entries))}`;
  }).join("\n").replace(/\n\nstdout: /g, "\n");
}

Deno.test("TypeScript cells show what they show in Deno's own Jupyter kernel", async (t) => {
  await using fixture = await createKernel({ language: "typescript" });
  for (const { code, outputs } of RECORDED) {
    await t.step(code, async () => {
      const known = Object.hasOwn(KNOWN, code) ? KNOWN[code]!.outputs : undefined;
      const expected = plain(outputs);
      assert.equal(seen(await fixture.kernel.execute(code)), known ?? expected);
      assert.notEqual(known, expected, "it does not differ any more");
    });
  }
});
