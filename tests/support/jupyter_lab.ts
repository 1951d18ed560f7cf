import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Locator, Page } from "playwright-core";
import { LabSource } from "../../server/apis/jupyter/lab/lab_source.ts";
import { findPackageIndex, thisMachine } from "../../server/config/package_index.ts";
import { listen } from "../../server/http/listen.ts";
import { createLabApp, LAB_NAMESPACE } from "../../server/lab_app.ts";
import { LocalKernels } from "../../server/services/kernels/local_kernels.ts";
import { Metrics } from "../../server/telemetry/metrics.ts";
import { closeContexts, DEADLINE_MS, sharedBrowser } from "./browser.ts";
import { temporaryDirectory } from "./mod.ts";
import { pythonEnvironment } from "./python_environment.ts";
import { createServer, type TestServer } from "./server.ts";
import { testCacheDir } from "./test_cache.ts";

const REQUIREMENTS = fileURLToPath(
  new URL("../end_to_end/jupyter/requirements.txt", import.meta.url),
);

/** JupyterLab in a real browser; its kernels are those of a server of this project. */
export interface JupyterLab extends AsyncDisposable {
  server: TestServer;
  page: Page;
  /** Opens a notebook, which is made of these cells, and waits for its kernel. */
  open(name: string, cells: string[]): Promise<LabNotebook>;
}

/** One notebook of JupyterLab. */
export interface LabNotebook {
  panel: Locator;
  cell(index: number): Locator;
  output(index: number): Locator;
  /** Selects a cell and runs it. */
  run(index: number): Promise<void>;
  /** Waits until the status bar shows the status of the kernel. */
  status(status: "idle" | "busy"): Promise<void>;
}

/** Starts a server, JupyterLab in front of it, and a browser. */
export async function startJupyterLab(settings: Record<string, string> = {}): Promise<JupyterLab> {
  await using started = new AsyncDisposableStack();
  const server = started.use(
    createServer({ settings: { ALLOWED_KERNEL_MODES: "process", ...settings } }),
  );
  const gateway = await server.listen();
  const directory = started.use(await temporaryDirectory());
  const token = crypto.randomUUID();
  const port = freePort();
  const child = new Deno.Command(await pythonEnvironment("jupyter-python", REQUIREMENTS), {
    args: [
      ...["-m", "jupyterlab", "--no-browser", `--port=${port}`, "--ip=127.0.0.1", "--allow-root"],
      ...[
        `--gateway-url=${gateway}`,
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=",
      ],
    ].filter((it) => !it.endsWith("=")),
    cwd: directory.path,
    env: { HOME: directory.path, JUPYTER_TOKEN: token },
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const lines = child.stderr.pipeThrough(new TextDecoderStream()).getReader();
  let log = "";
  started.defer(async () => {
    child.kill("SIGKILL"); // On other signals JupyterLab asks the user for confirmation.
    await child.status;
    while (!(await lines.read()).done);
  });
  while (!log.includes("is running at")) {
    const { value, done } = await lines.read();
    if (done) throw new Error(`JupyterLab ended: ${log}`);
    log += value;
  }
  void (async () => {
    while (!(await lines.read()).done);
  })();
  const { page, open } = await openLab(started, {
    url: `http://127.0.0.1:${port}/lab`,
    query: `?token=${token}`,
    directory: directory.path,
  });

  const kept = started.move();
  return { server, page, open, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

/** Options for {@linkcode openLab}. */
interface LabAddress {
  /** The address of JupyterLab's page, and the query that opens it. */
  url: string;
  query?: string;
  /** The directory of JupyterLab's files. */
  directory: string;
}

/** Starts a browser for JupyterLab's page. */
async function openLab(
  started: AsyncDisposableStack,
  { url, query = "", directory }: LabAddress,
): Promise<Pick<JupyterLab, "page" | "open">> {
  const browser = await sharedBrowser();
  started.defer(() => closeContexts(browser));
  const page = await (await browser.newContext({ viewport: { width: 1400, height: 900 } }))
    .newPage();
  page.setDefaultTimeout(DEADLINE_MS);

  async function open(name: string, cells: string[]): Promise<LabNotebook> {
    const notebook = {
      cells: cells.map((source, index) => ({
        ...{ cell_type: "code", id: `cell-${index}`, source, metadata: {}, outputs: [] },
        execution_count: null,
      })),
      metadata: { kernelspec: { name: "python", display_name: "Python", language: "python" } },
      nbformat: 4,
      nbformat_minor: 5,
    };
    await Deno.writeTextFile(`${directory}/${name}`, JSON.stringify(notebook));
    const base = page.url().startsWith(url) ? undefined : `${url}/tree/${name}${query}`;
    if (base) await page.goto(base);
    else await openFile(name);
    return await notebookOf(name);
  }

  /** Opens a further file of the running page by its dialog for paths. */
  async function openFile(name: string): Promise<void> {
    await page.getByRole("menuitem", { name: "File", exact: true }).click();
    await page.getByRole("menuitem", { name: "Open from Path…" }).click();
    await page.getByPlaceholder("/path/relative/to/jlab/root").fill(name);
    await page.getByRole("button", { name: "Open", exact: true }).click();
  }

  async function notebookOf(name: string): Promise<LabNotebook> {
    await page.getByRole("tab", { name }).first().click();
    const panel = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)");
    const cell = (index: number) => panel.locator(".jp-CodeCell").nth(index);
    const found: LabNotebook = {
      panel,
      cell,
      output: (index) => cell(index).locator(".jp-OutputArea"),
      async run(index) {
        await cell(index).locator(".cm-content").click();
        await page.keyboard.press("Control+Enter");
      },
      async status(status) {
        const text = status === "idle" ? "| Idle" : "| Busy";
        await page.locator("#jp-main-statusbar").getByText(text).waitFor();
      },
    };
    await found.status("idle");
    return found;
  }

  return { page, open };
}

/** JupyterLab as a server of this project serves it. */
export interface ServedLab extends JupyterLab {
  /** The address of JupyterLab's port with the token, without a slash at its end. */
  url: string;
  /** The directory of JupyterLab's files. */
  directory: string;
}

/** Starts a server with JupyterLab, which comes from the machine's package index or the tests' cache. */
export async function serveJupyterLab(settings: Record<string, string> = {}): Promise<ServedLab> {
  await using started = new AsyncDisposableStack();
  const root = started.use(await temporaryDirectory());
  const server = started.use(createServer({
    settings: { ALLOWED_KERNEL_MODES: "process", NOTEBOOK_DIR: root.path, ...settings },
  }));
  const source = new LabSource({
    findIndex: () => findPackageIndex(thisMachine(Deno.env.toObject())),
    cacheDir: join(testCacheDir(), "packages"),
  });
  const { url, directory } = await listenForLab(started, server, source);
  await source.get();
  const { page, open } = await openLab(started, { url: `${url}/lab`, directory });
  const kept = started.move();
  return { server, url, directory, page, open, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

/** Opens JupyterLab's port for a server, which keeps notebooks; makes the token of JupyterLab's namespace. */
export async function listenForLab(
  started: AsyncDisposableStack,
  { config, services, kernels }: TestServer,
  source: LabSource,
): Promise<{ url: string; directory: string }> {
  const metrics = started.use(new Metrics(new LocalKernels(kernels)));
  const fetch = createLabApp({ config, services, metrics, source });
  const listener = await listen(fetch, { ...config, hostname: "127.0.0.1", port: 0 });
  started.defer(() => listener.close(0));
  const { secret } = services.tokens.issue({ namespace: LAB_NAMESPACE });
  const directory = join(config.notebookDir!, LAB_NAMESPACE);
  await Deno.mkdir(directory, { recursive: true });
  return { url: `http://127.0.0.1:${listener.address.port}/${secret}`, directory };
}

/** Finds a free port, because JupyterLab does not choose one itself. */
function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
