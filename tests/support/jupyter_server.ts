import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { pip } from "./pip.ts";
import { keptDirectory } from "./test_cache.ts";

/** The system's Python, for which Debian's packages are. */
export const PYTHON = "/usr/bin/python3";

/** Jupyter's own server. */
export interface JupyterServer extends AsyncDisposable {
  url: string;
  token: string;
}

/**
 * Starts Jupyter's own server, by its Python module. The server shows the files of `directory`, which is
 * also its home; it starts kernels itself, or takes those of the server at `gateway`.
 */
export async function startJupyterServer(
  module: "jupyter_server" | "notebook",
  directory: string,
  gateway?: string,
): Promise<JupyterServer> {
  const args = gateway === undefined ? [] : [`--gateway-url=${gateway}`];
  return await run(PYTHON, ["-m", module, ...args], directory);
}

const CURRENT = fileURLToPath(new URL("./current_jupyter.txt", import.meta.url));

/** Starts a current Jupyter server with a current ipykernel, numpy and matplotlib, all by pip. `base` is the path of its URL. */
export async function startCurrentJupyterServer(
  directory: string,
  { base = "", args = [] }: { base?: string; args?: string[] } = {},
): Promise<JupyterServer> {
  const packages = await keptDirectory("current-jupyter", [CURRENT], async (target, [list]) => {
    await pip(["install", "--quiet", "--only-binary=:all:", "--target", target, "-r", list!]);
  });
  return await run(
    "python3",
    ["-m", "jupyter_server", `--ServerApp.base_url=${base}/`, ...args],
    directory,
    {
      PYTHONPATH: packages,
      JUPYTER_PATH: join(packages, "share", "jupyter"),
    },
    base,
  );
}

async function run(
  python: string,
  args: string[],
  directory: string,
  env: Record<string, string> = {},
  base = "",
): Promise<JupyterServer> {
  const token = crypto.randomUUID();
  const port = freePort();
  const child = new Deno.Command(python, {
    args: [...args, "--no-browser", `--port=${port}`, "--ip=127.0.0.1", "--allow-root"],
    cwd: directory,
    env: { HOME: directory, JUPYTER_TOKEN: token, ...env },
    stdout: "null",
    stderr: "null",
  }).spawn();
  const url = `http://127.0.0.1:${port}${base}`;
  const ended = child.status.then(({ code }) => {
    throw new Error(`The Jupyter server ended with code ${code}`);
  });
  ended.catch(() => {}); // It is meant to end, once the test is over.
  await Promise.race([ended, answers(url)]);
  return {
    url,
    token,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL"); // On other signals the server asks the user for confirmation.
      await child.status;
    },
  };
}

/** Resolves when a server answers, which has two minutes for its start. */
async function answers(url: string): Promise<void> {
  for (const end = Date.now() + 120_000; Date.now() < end;) {
    const response = await fetch(`${url}/api`).catch(() => undefined);
    await response?.body?.cancel();
    if (response?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("The Jupyter server did not answer within two minutes");
}

/** Finds a free port, because a Jupyter server does not choose one itself. */
function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
