import assert from "node:assert/strict";
import { renderMarkup } from "../../../../server/ui/outputs/markup.ts";

Deno.test("renderMarkup() renders Markdown with formulas, and leaves money alone", () => {
  const html = renderMarkup({ kind: "markdown", source: "# A\n\n$x^2$ costs $5 and $6" });
  assert.match(html, /<h1>A<\/h1>/);
  assert.match(html, /class="katex"/);
  assert.match(html, /costs \$5 and \$6/);
});

Deno.test("renderMarkup() shows the boxes of a list of tasks as pictures", () => {
  const html = renderMarkup({ kind: "markdown", source: "- [x] one\n- [ ] two" });
  assert.match(html, /aria-label="done">☑<\/span> one/);
  assert.match(html, /aria-label="not done">☐<\/span> two/);
  assert.doesNotMatch(html, /<input/);
});

Deno.test("renderMarkup() shows the source of a formula with an error", () => {
  assert.match(renderMarkup({ kind: "tex", source: "\\nothing{" }), /katex-error.*\\nothing\{/);
});

Deno.test("renderMarkup() keeps a rule within the size of a screen", () => {
  const html = renderMarkup({ kind: "display-tex", source: "\\rule{999999em}{999999em}" });
  assert.doesNotMatch(html, /999999em/);
});
