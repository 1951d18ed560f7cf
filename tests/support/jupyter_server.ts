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
  const token = crypto.randomUUID();
  const port = freePort();
  const child = new Deno.Command(PYTHON, {
    args: [
      ...["-m", module, "--no-browser", `--port=${port}`, "--ip=127.0.0.1", "--allow-root"],
      ...(gateway === undefined ? [] : [`--gateway-url=${gateway}`]),
    ],
    cwd: directory,
    env: { HOME: directory, JUPYTER_TOKEN: token },
    stdout: "null",
    stderr: "piped",
  }).spawn();
  let log = "";
  const lines = child.stderr.pipeThrough(new TextDecoderStream()).getReader();
  while (!log.includes("is running at")) {
    const { value, done } = await lines.read();
    if (done) throw new Error(`The Jupyter server ended: ${log}`);
    log += value;
  }
  const drained = (async () => {
    while (!(await lines.read()).done);
  })();
  return {
    url: `http://127.0.0.1:${port}`,
    token,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL"); // On other signals the server asks the user for confirmation.
      await child.status;
      await drained;
    },
  };
}

/** Finds a free port, because a Jupyter server does not choose one itself. */
function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
