/**
 * Makes, lists and withdraws the tokens that are kept in TOKENS_FILE, without a server: one that runs takes in
 * what was written within a second.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { systemClock } from "../kernel/mod.ts";
import { versionLine } from "./command_line.ts";
import { ConfigError, loadProcessConfig } from "./config/config.ts";
import { messageOf } from "./errors/service_error.ts";
import { type TokenSettings, tokenSettingsSchema } from "./services/tokens/token.ts";
import { Tokens } from "./services/tokens/tokens.ts";

const usage = `Usage: start-server.sh token NAMESPACE [OPTION]...
       start-server.sh token --list
       start-server.sh token --withdraw ID

Makes a token that is bound to a namespace, and prints it once. TOKENS_FILE, or --tokens-file, names the file
in which its digest is kept. Lists are separated by commas.

  --scopes LIST               what it may do: read, run, files (all)
  --families LIST             the families of APIs that it is for (all)
  --limits LIST               its most kernels and their highest limits, such as kernels=4,memoryMiB=512
  --requests-per-minute N     the requests that may come with it (any number)
  --modes LIST                the modes of its kernels (process)
  --mounts LIST               the directories of this machine that its kernels may mount (none)
  --servers LIST              the other servers on which its kernels may run (none)
  --permissions               lets its kernels have permissions of the host, within KERNEL_ALLOW_*
  --expires-at TIME           the time of its end, such as 2030-01-31T12:00:00Z (never)
  --tokens-file PATH          the file`;

const OPTIONS = {
  "scopes": { type: "string" },
  "families": { type: "string" },
  "limits": { type: "string" },
  "requests-per-minute": { type: "string" },
  "modes": { type: "string" },
  "mounts": { type: "string" },
  "servers": { type: "string" },
  "permissions": { type: "boolean" },
  "expires-at": { type: "string" },
  "tokens-file": { type: "string" },
  "list": { type: "boolean" },
  "withdraw": { type: "string" },
  "help": { type: "boolean", short: "h" },
  "version": { type: "boolean" },
} as const;

type Values = ReturnType<typeof readArguments>["values"];

function readArguments(args: string[]) {
  try {
    return parseArgs({ args, options: OPTIONS, allowPositionals: true });
  } catch (cause) {
    throw new ConfigError(messageOf(cause), { cause });
  }
}

/** Reads the settings of a new token. */
function settingsOf(namespace: string, values: Values): TokenSettings {
  const list = (text: string | undefined) => text?.split(",").map((it) => it.trim());
  const limits = list(values.limits)?.map((it) => it.split("="))
    .map(([name = "", value]) => [name.trim(), Number(value ?? NaN)] as const);
  const requests = values["requests-per-minute"];
  const given = {
    namespace,
    scopes: list(values.scopes),
    families: list(values.families),
    limits: limits && Object.fromEntries(limits),
    requestsPerMinute: requests === undefined ? undefined : Number(requests),
    modes: list(values.modes),
    mounts: list(values.mounts),
    servers: list(values.servers),
    permissions: values.permissions,
    expiresAt: values["expires-at"],
  };
  const result = tokenSettingsSchema.safeParse(
    Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
  );
  if (result.success) return result.data;
  const faults = result.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  throw new ConfigError(faults.join("\n"));
}

function openTokens(path: string | undefined): Tokens {
  const config = loadProcessConfig(path === undefined ? [] : ["--tokens-file", path]);
  const { tokensFile: file, namespaceKernels } = config;
  const { allowedKernelModes: modes, defaultKernelMode: defaultMode } = config;
  if (file === undefined) {
    throw new ConfigError(
      "TOKENS_FILE: name the file in which tokens are kept, here and to the server",
    );
  }
  try {
    return new Tokens({ file, clock: systemClock, modes, defaultMode, namespaceKernels });
  } catch (error) {
    throw new ConfigError(`TOKENS_FILE: ${messageOf(error)}`, { cause: error });
  }
}

async function run(args: string[]): Promise<number> {
  const { values, positionals: [namespace, ...others] } = readArguments(args);
  if (values.help || values.version) {
    console.log(values.help ? usage : versionLine());
    return 0;
  }
  await using tokens = openTokens(values["tokens-file"]);
  if (values.list) {
    for (const { id, namespace, scopes, expiresAt } of tokens.list()) {
      const end = expiresAt === undefined ? "" : ` until ${new Date(expiresAt).toISOString()}`;
      console.log(`${id}  ${namespace}  ${[...scopes].join(",")}${end}`);
    }
    return 0;
  }
  if (values.withdraw !== undefined) {
    if (await tokens.withdraw(values.withdraw)) return 0;
    console.error(`There is no token "${values.withdraw}"`);
    return 1;
  }
  if (namespace === undefined || others.length > 0) {
    throw new ConfigError("Name one namespace, such as the name of the person who gets the token");
  }
  const { token, secret } = await tokens.create(settingsOf(namespace, values));
  console.error(
    `The token ${token.id} of the namespace ${token.namespace}, which is shown only now:`,
  );
  console.log(secret);
  return 0;
}

async function main(args: string[]): Promise<number> {
  try {
    return await run(args);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.error(`Cannot make a token:\n${error.message}\n\nTry token --help.`);
    return 2;
  }
}

if (import.meta.main) Deno.exit(await main(Deno.args));
