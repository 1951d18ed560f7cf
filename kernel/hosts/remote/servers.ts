import { z } from "npm:zod@4.6.7";
import type { Clock } from "../../clock.ts";
import { KernelError } from "../../errors.ts";
import type { HostInit, Installer, KernelHost, RemoteHosts, ResolvedTarget } from "../../host.ts";
import {
  parseRemoteServer,
  type RemoteKernel,
  type RemoteKernelSpec,
  type RemoteServerOptions,
  type RemoteTarget,
} from "../../remote_options.ts";
import type { RemoteOptions } from "../../start_options.ts";
import { RemoteHost } from "./host.ts";
import type { RemotePlaces } from "./lifecycle.ts";
import { pipInstallCode } from "./python.ts";
import { JupyterRest } from "./rest.ts";

/** The most kinds that an error names. */
const MAX_NAMED = 20;

const text = z.string().max(1_000);
const specs = z.object({
  default: text,
  kernelspecs: z.record(
    text,
    z.object({ name: text, spec: z.object({ language: text, display_name: text }) }),
  ),
});
const kernel = z.object({
  id: text,
  name: text,
  execution_state: text.nullish(),
  connections: z.number().nullish(),
  last_activity: text.nullish(),
});

/** The other Jupyter servers of a configuration. Callers choose one by its name and never by an address. */
export class RemoteServers implements RemoteHosts {
  readonly #servers: ReadonlyMap<string, JupyterRest>;
  readonly #places: RemotePlaces = new Map();
  readonly #clock: Clock;

  /** @throws {KernelError} `invalid_argument`, naming the server and the option. */
  constructor(servers: Readonly<Record<string, RemoteServerOptions>>, clock: Clock) {
    this.#clock = clock;
    this.#servers = new Map(
      Object.entries(servers).map(([name, options]) => [
        name,
        new JupyterRest(parseRemoteServer(name, options)),
      ]),
    );
  }

  get names(): string[] {
    return [...this.#servers.keys()];
  }

  async resolve(target: RemoteTarget, language: string | undefined): Promise<ResolvedTarget> {
    const rest = this.#find(target.server);
    const { remoteKernelId } = target;
    const asked = remoteKernelId === undefined
      ? target.kernelName ?? rest.server.kernelName
      : await this.#kindOf(rest, remoteKernelId);
    const known = await this.#ask(rest, ["api", "kernelspecs"], specs);
    const name = asked ?? known.default;
    const found = Object.hasOwn(known.kernelspecs, name) ? known.kernelspecs[name] : undefined;
    if (!found) {
      const names = Object.keys(known.kernelspecs);
      throw new KernelError(
        "invalid_argument",
        `Cannot create kernel: kernelName: server "${rest.server.name}" has no "${name}"; use ` +
          names.slice(0, MAX_NAMED).map((it) => `"${it}"`).join(" or ") +
          (names.length > MAX_NAMED ? ` or one of ${names.length - MAX_NAMED} others` : ""),
      );
    }
    if (language !== undefined && language !== found.spec.language) {
      throw new KernelError(
        "invalid_argument",
        `Cannot create kernel: language: "${name}" of server "${rest.server.name}" is for ` +
          `"${found.spec.language}"; name no language, or this one`,
      );
    }
    return { language: found.spec.language, remote: { ...target, kernelName: name } };
  }

  create(init: HostInit<RemoteOptions>): KernelHost {
    return new RemoteHost(init, {
      rest: this.#find(init.options.remote.server),
      places: this.#places,
      clock: this.#clock,
    });
  }

  installer(language: string): Installer {
    if (language !== "python") return { language };
    return { language, installCode: ({ requirements }) => pipInstallCode(requirements) };
  }

  async kernelSpecs(server: string): Promise<RemoteKernelSpec[]> {
    const { kernelspecs } = await this.#ask(this.#find(server), ["api", "kernelspecs"], specs);
    return Object.values(kernelspecs).map(({ name, spec }) => ({
      name,
      displayName: spec.display_name,
      language: spec.language,
    }));
  }

  async kernels(server: string): Promise<RemoteKernel[]> {
    const found = await this.#ask(this.#find(server), ["api", "kernels"], z.array(kernel));
    return found.map(({ id, name, execution_state, connections, last_activity }) => ({
      id,
      kernelName: name,
      status: execution_state ?? "unknown",
      connections: connections ?? null,
      lastActivity: last_activity ?? null,
    }));
  }

  /** Returns the name of the kernelspec of a kernel that runs on a server. */
  async #kindOf(rest: JupyterRest, id: string): Promise<string> {
    try {
      return (await this.#ask(rest, ["api", "kernels", id], kernel)).name;
    } catch (error) {
      if (!(error instanceof KernelError) || error.code !== "not_found") throw error;
      throw new KernelError(
        "not_found",
        `Cannot create kernel: remoteKernelId: server "${rest.server.name}" has no kernel "${id}"`,
      );
    }
  }

  #find(name: string): JupyterRest {
    const found = this.#servers.get(name);
    if (found) return found;
    const known = this.names.map((it) => `"${it}"`).join(" or ");
    throw new KernelError(
      "invalid_argument",
      `Cannot find server "${name}": ${known ? `use ${known}` : "no other server is configured"}`,
    );
  }

  async #ask<T>(rest: JupyterRest, path: string[], schema: z.ZodType<T>): Promise<T> {
    return await rest.ask({ path }, schema);
  }
}
