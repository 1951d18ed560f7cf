import { type ExecuteReply, silentRequest } from "./cell.ts";
import { KernelError } from "./errors.ts";
import type { Installer, InstallRequest, KernelHost } from "./host.ts";

/**
 * Returns the code that installs packages in a kernel of that language.
 *
 * @throws {KernelError} `install_failed` when the language has none.
 */
export function installCode(installer: Installer, request: InstallRequest): string {
  if (installer.installCode) return installer.installCode(request);
  throw new KernelError(
    "install_failed",
    `Cannot install packages: "${installer.language}" kernels have none`,
  );
}

/** Makes a host install packages as a part of its start, before anybody else executes something in it. */
export function installAtStart(
  host: KernelHost,
  installer: Installer,
  requirements: readonly string[],
  importing: boolean,
): KernelHost {
  if (requirements.length === 0) return host;
  const start = host.start.bind(host);
  host.start = async () => {
    const code = installCode(installer, { requirements, importing });
    await start();
    assertInstalled(await host.execute(silentRequest("install", code)));
  };
  return host;
}

/** @throws {KernelError} `install_failed`, with the message of the language's own error. */
export function assertInstalled({ error }: Pick<ExecuteReply, "error">): void {
  if (error) throw new KernelError("install_failed", `Cannot install packages: ${error.evalue}`);
}
