import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** The paths of README.md and of everything in docs/ that is Markdown. */
async function documents(): Promise<string[]> {
  const docs = (await readdir(join(root, "docs"))).filter((name) => name.endsWith(".md"));
  return ["README.md", ...docs.map((name) => join("docs", name))];
}

/** The anchors that GitHub gives the headings of a Markdown text. */
function anchors(text: string): Set<string> {
  const headings = text.matchAll(/^#+ (.+)$/gm);
  return new Set(
    Array.from(
      headings,
      ([, heading = ""]) =>
        heading.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, "").replaceAll(" ", "-"),
    ),
  );
}

Deno.test("README.md has less than 1,000 words", async () => {
  const text = await readFile(join(root, "README.md"), "utf8");
  const words = text.split(/\s+/).length;
  assert(words < 1_000, `it has ${words}: move something to docs/`);
});

Deno.test("the links of the documents lead to files and headings that exist", async () => {
  let links = 0;
  for (const document of await documents()) {
    const text = await readFile(join(root, document), "utf8");
    for (const [, link = ""] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(link)) continue;
      links++;
      const [path = "", anchor] = link.split("#");
      const target = path === "" ? document : join(dirname(document), path);
      assert(existsSync(join(root, target)), `${document}: ${link}: there is no such file`);
      if (anchor === undefined) continue;
      const known = anchors(await readFile(join(root, target), "utf8"));
      assert(known.has(anchor), `${document}: ${link}: there is no such heading`);
    }
  }
  assert(links > 0, "no links were recognised");
});
