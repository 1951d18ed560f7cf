import { type Kernel, KernelManager, KernelMessage, ServerConnection } from "@jupyterlab/services";
import { createServer, type TestServer } from "./server.ts";

/** A server, and JupyterLab's client connected to it. */
export interface JupyterFixture extends AsyncDisposable {
  server: TestServer;
  url: string;
  settings: ServerConnection.ISettings;
  /** Starts a kernel and connects to it. */
  start(name?: string): Promise<Kernel.IKernelConnection>;
  /** Connects another client, with a session of its own, to the same kernel. */
  connect(kernel: Kernel.IKernelConnection): Kernel.IKernelConnection;
}

/** Starts a server with these settings, and JupyterLab's client of it. */
export async function createJupyter(
  settings: Record<string, string> = {},
): Promise<JupyterFixture> {
  const server = createServer({
    settings: { ALLOWED_KERNEL_MODES: "worker,process", ...settings },
  });
  const url = await server.listen();
  const serverSettings = ServerConnection.makeSettings({
    baseUrl: url,
    wsUrl: url.replace("http", "ws"),
    token: settings["TOKEN"] ?? "",
    appendToken: true,
  });
  let manager: KernelManager | undefined;
  const kernels = () => manager ??= new KernelManager({ serverSettings });
  const connections: Kernel.IKernelConnection[] = [];
  const keep = (kernel: Kernel.IKernelConnection) => {
    connections.push(kernel);
    return kernel;
  };
  return {
    server,
    url,
    settings: serverSettings,
    start: async (name = "python") => keep(await kernels().startNew({ name })),
    connect: (kernel) => keep(kernels().connectTo({ model: kernel.model })),
    async [Symbol.asyncDispose]() {
      for (const kernel of connections) kernel.dispose();
      await manager?.ready; // Disposing a manager does not cancel its first requests.
      manager?.dispose();
      await server[Symbol.asyncDispose]();
    },
  };
}

/** The outcome of a cell: its messages on iopub, and its reply. */
export interface CellRun {
  outputs: { type: string; content: KernelMessage.IIOPubMessage["content"] }[];
  // deno-lint-ignore no-explicit-any -- looked at field by field
  reply: any;
}

/** Runs a cell as JupyterLab does. */
export async function run(
  kernel: Kernel.IKernelConnection,
  code: string,
  options: Partial<KernelMessage.IExecuteRequestMsg["content"]> = {},
): Promise<CellRun> {
  const outputs: CellRun["outputs"] = [];
  const future = kernel.requestExecute({ code, ...options });
  future.onIOPub = ({ header, content }) => {
    outputs.push({ type: header.msg_type, content });
  };
  const reply = await future.done;
  return { outputs, reply: reply.content };
}
