/** The system's Python, because that is the one Debian's packages are for. */
export const PYTHON = "/usr/bin/python3";

/** Another Jupyter server, with its own files and pages. */
export interface JupyterFront extends AsyncDisposable {
  url: string;
  token: string;
}

/**
 * Starts a Jupyter server, by its Python module, whose kernels are those of the server at `gateway`; its
 * files are those of `directory`, which it also has for a home.
 */
export async function startFront(
  module: "jupyter_server" | "notebook",
  gateway: string,
  directory: string,
): Promise<JupyterFront> {
  const token = crypto.randomUUID();
  const port = freePort();
  const child = new Deno.Command(PYTHON, {
    args: [
      ...["-m", module, `--gateway-url=${gateway}`, "--no-browser", `--port=${port}`],
      ...["--ip=127.0.0.1", "--allow-root"],
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
      child.kill("SIGKILL"); // It asks when it is told to end.
      await child.status;
      await drained;
    },
  };
}

/** A Jupyter server does not choose one itself. */
function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
