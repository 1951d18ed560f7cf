import assert from "node:assert/strict";
import { needsFrame, svgNeedsFrame } from "../../../../server/ui/outputs/html_kind.ts";
import { otherMimes, shownMimes } from "../../../../server/ui/outputs/mime.ts";
import { isCostlyToParse } from "../../../../server/ui/outputs/parsing_cost.ts";
import { cut, plainTextOf, textOf } from "../../../../server/ui/outputs/plain_text.ts";
import { lastWritten, terminalText } from "../../../../server/ui/outputs/terminal_text.ts";
import { threadTimeMs } from "../../../support/thread_time.ts";

Deno.test("terminalText() writes over a line after a carriage return", () => {
  assert.equal(terminalText(" 10%\r 50%\r100%\ndone"), "100%\ndone");
  assert.equal(terminalText("long line\rab"), "abng line");
  assert.equal(terminalText("a\r\nb\r\n"), "a\nb\n");
  assert.equal(terminalText("abc\b\bX"), "aXc");
  const green = "\x1b[31mred\x1b[0m\r\x1b[32mgo\x1b[0m";
  assert.equal(terminalText(green), "\x1b[32mgo\x1b[0m\x1b[31md\x1b[0m");
  assert.equal(terminalText("full\r\x1b[Knew"), "new");
  assert.equal(terminalText("🎉a\rb"), "ba");
});

Deno.test("terminalText() keeps the style of each character that is left", () => {
  assert.equal(terminalText("ab\r\x1b[1;38;5;9mA\x1b[22mB"), "\x1b[1;38;5;9mA\x1b[0m\x1b[38;5;9mB");
  assert.equal(terminalText("ab\r\x1b[4;48;2;1;2;3mA\x1b[mB"), "\x1b[4;48;2;1;2;3mA\x1b[0mB");
  assert.equal(terminalText("ab\r\x1b[31m\x1b[91m\x1b[49;39mA"), "Ab");
});

Deno.test("terminalText() makes text longer by no more than a style for each character", () => {
  const line = "\x1b[31ma\x1b[1;42mb".repeat(5_000);
  const text = Array.from({ length: 60 }, () => `${line}\r`).join("\n");
  assert(terminalText(text).length < 3 * text.length);
});

Deno.test("shownMimes() puts the richest first", () => {
  assert.deepEqual(shownMimes({ "text/plain": "", "image/png": "", "text/html": "" }), [
    "text/html",
    "image/png",
    "text/plain",
  ]);
  assert.deepEqual(shownMimes({ "application/x-unknown": "" }), []);
  assert.deepEqual(otherMimes({ "application/x-unknown": "", "text/plain": "" }), [
    "application/x-unknown",
  ]);
});

Deno.test("shownMimes() has the text of a widget for pages that cannot draw it", () => {
  const widget = {
    "application/vnd.jupyter.widget-view+json": {},
    "text/html": "",
    "text/plain": "",
  };
  assert.deepEqual(shownMimes(widget), ["text/plain"]);
});

Deno.test("needsFrame() is true for what runs or has styles, and false for tables", () => {
  const pandas =
    "<div><style scoped>\n    .dataframe tbody tr th { vertical-align: top; }\n</style>" +
    '<table border="1" class="dataframe"></table></div>';
  assert.equal(needsFrame(pandas), false);
  assert.equal(needsFrame("<b>bold</b> on=1"), false);
  for (
    const html of [
      "<script>1</script>",
      "<STYLE>b{}</STYLE>",
      "<img src=x onerror=1>",
      "<iframe></iframe>",
      `${pandas}<script></script>`,
    ]
  ) assert.equal(needsFrame(html), true, html);
});

Deno.test("needsFrame() is true for what could keep the page busy", () => {
  const table = "<table><tr><td>1</td></tr></table>";
  assert.equal(needsFrame(table.repeat(1_000)), false);
  assert.equal(needsFrame(table.repeat(100_000)), true);
  assert.equal(needsFrame('<b style="filter: blur(9px)">x</b>'), true);
});

Deno.test("needsFrame() takes time in proportion to the HTML", () => {
  const started = threadTimeMs();
  assert.equal(needsFrame("<style scoped> .dataframe".repeat(40_000)), true);
  assert(threadTimeMs() - started < 2_000);
});

Deno.test("svgNeedsFrame() is true for drawings whose elements refer to each other", () => {
  assert.equal(svgNeedsFrame("<svg><circle r='9'/></svg>"), false);
  assert.equal(svgNeedsFrame("<svg><g id='a'/><use href='#a'/></svg>"), true);
  assert.equal(svgNeedsFrame("<svg><PATTERN id='a'/></svg>"), true);
});

Deno.test("textOf() gives text for any value", () => {
  assert.equal(textOf("a"), "a");
  assert.equal(textOf(["a\n", "b"]), "a\nb");
  assert.equal(textOf({ toString: 1 }), '{\n "toString": 1\n}');
  assert.equal(textOf(null), "null");
});

Deno.test("plainTextOf() gives the beginning of any output", () => {
  const texts = [
    { output_type: "stream", name: "stdout", text: "a" },
    { output_type: "error", ename: "E", evalue: "v", traceback: ["t"] },
    { output_type: "display_data", data: { "text/plain": ["p"] }, metadata: {} },
    { output_type: "unreadable", original: { a: 1 } },
  ] as const;
  assert.deepEqual(texts.map((it) => plainTextOf(it as Parameters<typeof plainTextOf>[0])), [
    "a",
    "E: v\nt",
    "p",
    '{\n "a": 1\n}',
  ]);
  const long = plainTextOf({ output_type: "stream", name: "stdout", text: "x".repeat(1e6) });
  assert.equal(long.length, 10_001);
  assert.equal(cut("abc", 2), "ab…");
});

Deno.test("isCostlyToParse() is true for deep HTML and for HTML that multiplies", () => {
  assert.equal(isCostlyToParse("<table>" + "<tr><td>1<td>2".repeat(10_000) + "</table>"), false);
  assert.equal(isCostlyToParse("<p>a<br><img>".repeat(10_000)), false);
  assert.equal(isCostlyToParse("<div>".repeat(150) + "</div>".repeat(150)), false);
  assert.equal(isCostlyToParse("<div>".repeat(201)), true);
  assert.equal(
    isCostlyToParse("<div>" + "<b>".repeat(100) + "</div><div>x</div>".repeat(20_000)),
    true,
  );
});

Deno.test("lastWritten() keeps of each line what was written last", () => {
  assert.equal(lastWritten("a\rb\rc\nd\r\n\re\nf"), "c\nd\ne\nf");
});
