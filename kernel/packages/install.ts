import { KernelError } from "../errors.ts";
import type { ExecuteReply, ExecuteRequest, KernelHost } from "../host.ts";

/**
 * The code that installs what is asked for: names with versions, or the text of a requirements file.
 * `importing`: what is named is imported as well, which takes longer than installing it.
 */
export function installCode(
  requirements: readonly string[] | string,
  importing = false,
): string {
  const json = JSON.stringify(JSON.stringify({ requirements, importing }));
  return `__import__("deno_kernel.packages").packages.install_now(${json})`;
}

/** Makes a host install packages when it starts, before anybody else runs something in it. */
export function installAtStart(
  host: KernelHost,
  requirements: readonly string[],
  importing: boolean,
): KernelHost {
  if (requirements.length === 0) return host;
  const start = host.start.bind(host);
  host.start = async () => {
    await start();
    assertInstalled(await host.execute(installRequest(requirements, importing)));
  };
  return host;
}

/** @throws {KernelError} `install_failed`, with what Python has said. */
export function assertInstalled({ error }: Pick<ExecuteReply, "error">): void {
  if (error) throw new KernelError("install_failed", `Cannot install packages: ${error.evalue}`);
}

function installRequest(requirements: readonly string[], importing: boolean): ExecuteRequest {
  return {
    id: "install",
    code: installCode(requirements, importing),
    silent: true,
    storeHistory: false,
    userExpressions: {},
    allowStdin: false,
  };
}
