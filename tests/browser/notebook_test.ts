/// <reference lib="dom" />
import assert from "node:assert/strict";
import { openNotebook, testInBrowser, testNotebook as test } from "../support/browser.ts";
import { makeWheel, serveDistribution } from "../support/distribution.ts";
import { temporaryDirectory } from "../support/mod.ts";
import { TcpProxy } from "../support/tcp_proxy.ts";

/** A PNG made by Python alone: 64 by 32 pixels, red to blue. */
const PLOT = `
import struct, zlib
from IPython.display import Image
rows = b"".join(b"\\0" + bytes(v for x in range(64) for v in (255 - 4 * x, 0, 4 * x)) for _ in range(32))
def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
header = struct.pack(">IIBBBBB", 64, 32, 8, 2, 0, 0, 0)
Image(b"\\x89PNG\\r\\n\\x1a\\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))
`;

test("runs cells and shows text, values, images and Markdown", async (notebook) => {
  const { page, output } = notebook;
  await notebook.run(0, "print('hello')\nsum(range(10))");
  assert.match(await output(0).innerText(), /hello[^]*45/);
  await page.getByTestId("add-code").click();
  await notebook.run(1, PLOT);
  const image = output(1).locator("img");
  assert.equal(
    await image.evaluate((it) => (it as unknown as { naturalWidth: number }).naturalWidth),
    64,
  );
  assert.equal(await output(1).getByText("Unfold").count(), 0);
  await page.getByTestId("add-markdown").click();
  await notebook.write(2, "# Result\n\nThe mean is $\\bar{x} = 4.5$.");
  await page.keyboard.press("Shift+Enter");
  await notebook.cell(2).getByRole("heading", { name: "Result" }).waitFor();
  assert.equal(await notebook.cell(2).locator(".katex").count(), 1);
  await notebook.run(3, "def f(x):\n    return 1 / x\nf(0)");
  assert.match(await output(3).innerText(), /ZeroDivisionError: division by zero/);
  await notebook.status("idle");
  await page.getByTestId("variable-row").first().waitFor();
  await notebook.screenshot("notebook-light");
});

test("shows output while a cell runs, and stops an endless loop", async (notebook) => {
  const { page, output } = notebook;
  await notebook.write(0, "x = 1\nprint('started')\nwhile True: pass");
  await page.keyboard.press("Control+Enter");
  await output(0).getByText("started").waitFor();
  await notebook.status("busy");
  await notebook.state(0, "running");
  await page.getByTestId("interrupt").click();
  await notebook.state(0, "idle");
  assert.match(await output(0).innerText(), /KeyboardInterrupt/);
  await notebook.run(0, "x");
  assert.match(await output(0).innerText(), /1/);
});

test("runs all cells in order, up to the one that fails", async (notebook) => {
  const { page, output } = notebook;
  const sources = ["a = 1", "a += 1\na", "1 / 0", "print('never')"];
  for (const [index, source] of sources.entries()) {
    if (index > 0) await page.getByTestId("add-code").click();
    await notebook.write(index, source);
  }
  await page.getByTestId("run-all").click();
  await output(2).getByText("ZeroDivisionError").first().waitFor();
  await notebook.state(3, "idle");
  assert.match(await output(1).innerText(), /2/);
  assert.equal(await output(3).innerText(), "");
  await notebook.write(2, "input()");
  await page.getByTestId("run-all").click();
  await page.getByTestId("input-field").waitFor();
  await notebook.state(3, "queued");
  await page.getByTestId("interrupt").click();
  await notebook.state(2, "idle");
  await notebook.state(3, "idle");
  assert.equal(await output(3).innerText(), "");
});

test("asks for input() below the cell", async (notebook) => {
  const { page, output } = notebook;
  await notebook.write(0, "name = input('Your name? ')\nf'Hello {name}'");
  await page.keyboard.press("Control+Enter");
  const field = page.getByTestId("input-field");
  await field.waitFor();
  await notebook.screenshot("input");
  await field.fill("Ada");
  await field.press("Enter");
  await notebook.state(0, "idle");
  assert.match(await output(0).innerText(), /'Hello Ada'/);
});

test("finds everything again when the page is loaded anew, also what still runs", async (notebook) => {
  const { page, output } = notebook;
  await notebook.run(0, "y = 41\nprint('kept')");
  await page.getByTestId("title").fill("My analysis");
  await page.getByTestId("add-code").click();
  await notebook.write(
    1,
    "import time\nprint('one')\nwhile True:\n    time.sleep(0.05)\n    if stop: break",
  );
  await page.getByTestId("add-code").click();
  await notebook.write(2, "stop = False");
  await notebook.cell(2).locator(".run-cell").click();
  await notebook.state(2, "idle");
  await notebook.cell(1).locator(".run-cell").click();
  await output(1).getByText("one").waitFor();
  await page.getByTestId("kept").getByText("Kept in this browser").waitFor();
  await page.reload();
  await output(1).getByText("one").waitFor();
  assert.equal(await page.getByTestId("title").inputValue(), "My analysis");
  assert.match(await output(0).innerText(), /kept/);
  await notebook.state(1, "running");
  await page.getByTestId("interrupt").click();
  await notebook.state(1, "idle");
  await notebook.run(2, "y + 1");
  assert.match(await output(2).innerText(), /42/);
});

test("keeps outputs from the page, its cookies and the network", async (notebook) => {
  const { page } = notebook;
  await page.evaluate(() => document.cookie = "secret=1");
  await notebook.run(
    0,
    `
from IPython.display import HTML, Javascript, Markdown, SVG, display
probe = """
const tell = (name, value) => { const p = document.createElement('p'); p.textContent = name + '=' + value; (globalThis.element ?? document.body).append(p) };
const attempt = (name, action) => { try { tell(name, action()) } catch (e) { tell(name, e.name) } };
attempt('parent', () => parent.document.title);
attempt('cookie', () => document.cookie);
attempt('storage', () => localStorage.length);
attempt('top', () => { top.location = 'about:blank'; return 'asked' });
attempt('open', () => String(window.open('/')));
fetch('/api/kernels').then((r) => tell('fetch', r.status), (e) => tell('fetch', e.name));
new Image().src = '/api/kernels?image';
"""
display(Javascript(probe))
display(HTML("<script>" + probe + "</script>"))
display(HTML("<div style='position: fixed; inset: 0; z-index: 99; background: red'>over everything</div>"))
display(Markdown("<div style='position: fixed; inset: 0; z-index: 99; background: red'>over everything</div>"))
display(HTML("<img src=x onerror='try { parent.hacked = 1 } catch {}'><b>bold</b>"))
display(Markdown("<script>window.hacked = 1</script><img src=x onerror='window.hacked = 1'> [link](javascript:window.hacked=1) text"))
display(SVG("<svg xmlns='http://www.w3.org/2000/svg' onload='window.hacked = 1'><script>window.hacked = 1</script><a href='javascript:window.hacked=1'><circle r='9'/></a></svg>"))
print("\\x1b]8;;javascript:window.hacked=1\\x1b\\\\\\\\click\\x1b]8;;\\x1b\\\\\\\\ <img src=x onerror='window.hacked=1'>")
`,
  );
  const frames = page.locator("iframe");
  await frames.nth(1).waitFor();
  for (const index of [0, 1]) {
    const frame = frames.nth(index).contentFrame();
    await frame.getByText("fetch=").waitFor();
    const text = await frame.locator("body").innerText();
    for (
      const line of [
        "parent=SecurityError",
        "cookie=SecurityError",
        "storage=SecurityError",
        "open=null",
        "fetch=TypeError",
      ]
    ) assert.match(text, new RegExp(`^${line}$`, "m"), text);
    assert.equal(await frames.nth(index).getAttribute("sandbox"), "allow-scripts");
  }
  const run = await page.getByTestId("run").boundingBox();
  const onTop = await page.evaluate(
    ([x, y]) => document.elementFromPoint(x!, y!)?.getAttribute("data-testid"),
    [run!.x + 5, run!.y + 5],
  );
  assert.equal(onTop, "run", "an output covers the page");
  assert.equal(new URL(page.url()).origin, notebook.origin);
  assert.equal(await page.evaluate(() => "hacked" in globalThis), false);
  const links = await page.locator("main a[href^='javascript']").count();
  assert.equal(links, 0);
  assert.equal(await page.locator("main script, main [onerror], main [onload]").count(), 0);
});

test("shows a frame that is ready before the page is, and one that was moved", async (notebook) => {
  const { page } = notebook;
  await page.addInitScript(() => {
    // The page defers some work until it is painted. With these timers the frame is loaded long before.
    const { setTimeout } = globalThis;
    Object.assign(globalThis, {
      setTimeout: (action: () => void, ms = 0) => setTimeout(action, ms + 1000),
    });
    // A browser that cannot move a frame in the page without loading it anew.
    delete (Element.prototype as { moveBefore?: unknown }).moveBefore;
  });
  await page.reload();
  const frame = (index: number) => notebook.output(index).locator("iframe").contentFrame();
  const source = "<script>document.body.append('made by ' + 'a script')</script>";
  await notebook.run(0, `from IPython.display import HTML\nHTML("${source}")`);
  await frame(0).getByText("made by a script").waitFor();
  await page.getByTestId("add-code").click();
  await page.keyboard.press("Escape");
  for (const [key, index] of [["Up", 1], ["Down", 0]] as const) {
    await page.keyboard.press(`Alt+Arrow${key}`);
    await frame(index).getByText("made by a script").waitFor();
  }
});

test("is worked with by the keyboard alone", async (notebook) => {
  const { page } = notebook;
  const { keyboard } = page;
  await notebook.cell(0).locator(".cm-content").click();
  await keyboard.type("a = 1");
  await keyboard.press("Shift+Enter");
  await keyboard.type("a + 1");
  await keyboard.press("Alt+Enter");
  await keyboard.press("Escape");
  await notebook.output(1).getByText("2", { exact: true }).waitFor();
  assert.equal(await page.locator(".cell").count(), 3);
  await keyboard.press("d");
  await keyboard.press("d");
  assert.equal(await page.locator(".cell").count(), 2);
  await keyboard.press("z");
  assert.equal(await page.locator(".cell").count(), 3);
  await keyboard.press("k");
  await keyboard.press("m");
  assert.equal(await notebook.cell(1).getAttribute("data-type"), "markdown");
  await keyboard.press("y");
  await keyboard.press("k");
  await keyboard.press("Shift+M");
  assert.equal(await page.locator(".cell").count(), 2);
  assert.match(await notebook.cell(0).innerText(), /a = 1\s+a \+ 1/);
  await keyboard.press("Enter");
  await keyboard.press("Control+End");
  await keyboard.press("Home");
  await keyboard.press("Control+Shift+-");
  assert.equal(await page.locator(".cell").count(), 3);
  await keyboard.press("Escape");
  await keyboard.press("h");
  await page.getByRole("dialog", { name: "Keys" }).waitFor();
  await notebook.screenshot("keys");
});

test("completes names and tells what they are from the kernel", async (notebook) => {
  const { page } = notebook;
  await notebook.run(0, "temperature = 21.5");
  await page.getByTestId("add-code").click();
  await page.keyboard.type("'é🎉'; temper");
  await page.locator(".cm-tooltip-autocomplete").getByText("temperature").waitFor();
  await notebook.screenshot("completion");
  await page.keyboard.press("Tab");
  assert.match(await notebook.cell(1).innerText(), /'é🎉'; temperature/);
  await page.keyboard.press("Shift+Tab");
  await page.locator(".inspection").getByText("float").first().waitFor();
});

test("says that its kernel has ended, and starts another", async (notebook) => {
  const { page, server } = notebook;
  await notebook.run(0, "z = 1");
  const [kernel] = server.kernels.listKernels();
  await server.kernels.destroyKernel(kernel!.id);
  await notebook.status("dead");
  await page.getByTestId("new-kernel").click();
  await notebook.status("idle");
  await notebook.run(0, "z");
  assert.match(await notebook.output(0).innerText(), /NameError/);
});

test("does not choke on 200,000 lines", async (notebook) => {
  await notebook.run(0, "for i in range(200_000): print(i)");
  const text = await notebook.output(0).innerText();
  assert.match(text, /^0\n1\n2\n/);
  assert.match(text, /199999/);
  assert(text.length < 200_000, "it is cut in view");
  const folded = notebook.output(0).getByRole("button", { name: "Unfold all of it" });
  assert.equal(await folded.count(), 1);
  await notebook.run(0, "'still alive'");
  assert.match(await notebook.output(0).innerText(), /still alive/);
});

test("is dark and narrow where its reader wants it so", async (notebook) => {
  await notebook.run(0, "from IPython.display import HTML\nHTML('<script></script><b>framed</b>')");
  await notebook.page.locator("iframe").contentFrame().getByText("framed").waitFor();
  const background = await notebook.page.evaluate(() =>
    getComputedStyle(document.documentElement).backgroundColor
  );
  assert.equal(background, "rgb(20, 23, 29)");
  const overflow = await notebook.page.evaluate(() =>
    document.documentElement.scrollWidth - innerWidth
  );
  assert(overflow <= 0, `${overflow} pixels too wide`);
  await notebook.screenshot("dark-narrow");
}, { context: { viewport: { width: 400, height: 800 }, colorScheme: "dark" } });

test("is opened with the token, which the address then forgets", async (notebook) => {
  const { page, origin } = notebook;
  await page.goto(origin);
  await page.getByLabel("Token").fill("wrong-wrong-wrong");
  await page.getByRole("button", { name: "Open" }).click();
  await page.getByText("That is not the token.").waitFor();
  await notebook.screenshot("token");
  await page.goto(`${origin}/?token=0123456789abcdef`);
  await notebook.cell(0).waitFor();
  assert.doesNotMatch(page.url(), /token/);
  await notebook.run(0, "1 + 1");
  assert.match(await notebook.output(0).innerText(), /2/);
}, { settings: { TOKEN: "0123456789abcdef" } });

test("keeps what it showed when the server has forgotten the kernel", async (notebook) => {
  const { page, server } = notebook;
  await notebook.run(0, "print('shown before')");
  await page.getByTestId("kept").getByText("Kept in this browser").waitFor();
  await server.kernels.destroyAll();
  await page.reload();
  await notebook.status("gone");
  assert.match(await notebook.output(0).innerText(), /shown before/);
});

testInBrowser("the notebook gets what a cell printed while the connection was lost", async () => {
  await using notebook = await openNotebook();
  await using proxy = new TcpProxy(Number(new URL(notebook.origin).port));
  const { page, output, server } = notebook;
  await page.goto(`http://127.0.0.1:${proxy.port}/`);
  await notebook.cell(0).waitFor();
  await notebook.write(0, "for i in range(3):\n    print(i, input())");
  await page.keyboard.press("Control+Enter");
  await page.getByTestId("input-field").waitFor();
  const [kernel] = server.kernels.listKernels();
  const [execution] = await server.executions.list({ kernelId: kernel!.id, limit: 1 });
  proxy.cut();
  await notebook.status("disconnected");
  const { done } = server.executions.getLive(execution!.id)!;
  const answers = ["a", "b", "c"];
  const events = await server.executions.events(execution!.id);
  for await (const { json } of events.follow()) {
    const { type, requestId } = JSON.parse(json);
    if (type !== "input_request") continue;
    await server.executions.answerInput(execution!.id, answers.shift()!, requestId);
  }
  await done;
  proxy.mend();
  await notebook.state(0, "idle");
  assert.match(await output(0).innerText(), /0 a\n1 b\n2 c/);
  await notebook.status("idle");
});

testInBrowser("the notebook tells which packages are being installed", async () => {
  const wheel = makeWheel({ name: "beta", version: "1", files: { "beta.py": "value = 42" } });
  await using distribution = await serveDistribution([wheel]);
  const seen = Promise.withResolvers<void>();
  distribution.answers.set(`/${wheel.fileName}`, async () => {
    await seen.promise;
    return new Response(wheel.bytes);
  });
  await using directory = await temporaryDirectory();
  await using notebook = await openNotebook({
    settings: { PYODIDE_PACKAGE_BASE_URL: distribution.url, PACKAGE_CACHE_DIR: directory.path },
  });
  const { page, output } = notebook;
  const run = notebook.run(0, "import beta\nbeta.value");
  await output(0).getByText("Installing beta").waitFor();
  await notebook.screenshot("notebook-installing");
  seen.resolve();
  await run;
  assert.match(await output(0).innerText(), /42/);
  assert.equal(await page.getByText("Installing").count(), 0);
});
