import assert from "node:assert/strict";
import {
  type Browser,
  type BrowserContextOptions,
  chromium,
  type Locator,
  type Page,
  type Request,
} from "playwright-core";
import { fileURLToPath } from "node:url";
import { PAGE_DIRECTORY } from "./page.ts";
import { createServer, type TestServer } from "./server.ts";

/** The directory of screenshots for people to look at. */
const SCREENSHOTS = fileURLToPath(new URL("../../coverage/screenshots", import.meta.url));

/** Options for {@linkcode openNotebook}. */
export interface NotebookOptions {
  settings?: Record<string, string>;
  context?: BrowserContextOptions;
}

/** The page in a real browser, in a context and on a server of its own. */
export interface NotebookFixture extends AsyncDisposable {
  server: TestServer;
  origin: string;
  page: Page;
  /** The origins of every request that the browser has made. */
  readonly requested: Set<string>;
  /** The errors that the page's scripts have reported. */
  problems: string[];
  cell(index: number): Locator;
  output(index: number): Locator;
  /** Replaces the text of a cell. */
  write(index: number, text: string): Promise<void>;
  /** Writes a cell, runs it, and waits until it is done. */
  run(index: number, text: string): Promise<void>;
  /** Waits until a cell is in a state. */
  state(index: number, state: "idle" | "queued" | "running"): Promise<void>;
  /** Waits until the kernel has a status. */
  status(status: string): Promise<void>;
  screenshot(name: string): Promise<void>;
}

/** Declares a test of the page; the test also fails when a script reports an error or loads from elsewhere. */
export function testNotebook(
  name: string,
  body: (notebook: NotebookFixture) => Promise<void>,
  options?: NotebookOptions,
): void {
  testInBrowser(`the notebook ${name}`, async () => {
    await using notebook = await openNotebook(options);
    try {
      await body(notebook);
    } catch (error) {
      await describePage(notebook, name).catch(() => {});
      throw error;
    }
    assert.deepEqual(notebook.problems, []);
    assert.deepEqual([...notebook.requested], [notebook.origin], "requests to elsewhere");
  });
}

/** Prints what the page shows, and keeps a picture of it: a test that failed once may not fail again. */
async function describePage({ page, problems, screenshot }: NotebookFixture, name: string) {
  const shown = await page.evaluate(() => document.querySelector("main")?.innerText);
  const status = await page.getByTestId("status").getAttribute("data-status", { timeout: 1_000 })
    .catch(() => "not shown");
  console.error(`The page when the test failed (kernel: ${status}):`, shown, problems);
  await screenshot(`failed ${name}`.replaceAll(/\W+/g, "_"));
}

/** Declares a test that opens the page itself. */
export function testInBrowser(name: string, fn: () => Promise<void>): void {
  // The browser's driver keeps a connection and timers for the whole process.
  Deno.test({ name, sanitizeResources: false, sanitizeOps: false, fn });
}

/** The longest time for what the page or the browser is waited for, in milliseconds: it only ends what hangs. */
export const DEADLINE_MS = 60_000;
/** The longest time for what has to install and to compile packages first, in milliseconds. */
export const INSTALL_MS = 300_000;

/** Starts a real browser. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: Deno.env.get("CHROMIUM") ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-dev-shm-usage"],
    timeout: DEADLINE_MS,
  });
}

let shared: Browser | undefined;
Deno.test.afterAll(async () => await shared?.close());

/**
 * Returns the browser of the test file, which is started once and again if it has ended: each test has a context
 * of its own there. It is for tests that {@linkcode testInBrowser} declares.
 */
export async function sharedBrowser(): Promise<Browser> {
  if (!shared?.isConnected()) shared = await launchBrowser();
  return shared;
}

/** Ends everything that a test has opened in the browser of the test file. */
export async function closeContexts(browser: Browser): Promise<void> {
  await Promise.all(browser.contexts().map((context) => context.close()));
}

/** Opens the page, and accepts each of its dialogs. */
export async function openNotebook(options: NotebookOptions = {}): Promise<NotebookFixture> {
  const server = createServer({
    pageDirectory: PAGE_DIRECTORY,
    ...(options.settings && { settings: options.settings }),
  });
  const origin = await server.listen();
  const browser = await sharedBrowser();
  const context = await browser.newContext({
    viewport: { width: 1280, height: 860 },
    ...options.context,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(DEADLINE_MS);
  const requests = new Set<Request>();
  const problems: string[] = [];
  page.on("request", (request) => requests.add(request));
  page.on("requestfailed", (request) => {
    // A policy of the page has forbidden it: it was not made.
    if (request.failure()?.errorText === "csp") requests.delete(request);
  });
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("dialog", (dialog) => void dialog.accept());
  const cell = (index: number) => page.getByTestId(`cell-${index}`);
  const output = (index: number) => page.getByTestId(`output-${index}`);

  async function write(index: number, text: string): Promise<void> {
    await cell(index).locator(".cm-content").click();
    await page.keyboard.press("ControlOrMeta+A");
    await page.keyboard.insertText(text);
  }
  async function state(index: number, state: string): Promise<void> {
    await page.locator(`[data-testid="cell-${index}"][data-state="${state}"]`).waitFor();
  }
  const fixture: NotebookFixture = {
    server,
    origin,
    page,
    get requested() {
      return new Set(Array.from(requests, (it) => new URL(it.url()).origin));
    },
    problems,
    cell,
    output,
    write,
    state,
    async run(index, text) {
      await write(index, text);
      // The cell waits as soon as the key is pressed.
      await page.keyboard.press("Control+Enter");
      await state(index, "idle");
    },
    async status(status) {
      await page.locator(`[data-testid="status"][data-status="${status}"]`).waitFor();
    },
    async screenshot(name) {
      await page.screenshot({ path: `${SCREENSHOTS}/${name}.png` });
    },
    async [Symbol.asyncDispose]() {
      await closeContexts(browser);
      await server[Symbol.asyncDispose]();
    },
  };
  if (!options.settings?.["TOKEN"]) {
    await page.goto(origin);
    await cell(0).waitFor();
  }
  return fixture;
}
