/**
 * The entries of tokens, as the file of tokens and the API have them.
 *
 * @module
 */
import { isAbsolute } from "node:path";
import { z } from "@hono/zod-openapi";
import { KernelError, KernelMode, parseLimits } from "../../../kernel/mod.ts";
import { keptEndTime, newEndTime } from "./end_time.ts";
import { EXECUTION_ORIGINS } from "../executions/record.ts";
import type { Grant } from "../namespaces/grant.ts";

/**
 * The rights that a token may have. Every token may look at what its namespace has; `run` lets it run code and
 * steer kernels, `files` lets it change files and notebooks.
 */
export const TOKEN_SCOPES = ["read", "run", "files"] as const;

/** A right of a token. */
export type TokenScope = typeof TOKEN_SCOPES[number];

/** Namespaces that APIs use for kernels of their own. */
const RESERVED = /^(mcp|coderunner|apps|e2b(-.*)?)$/i;

/** The most entries of a list in a token's settings. */
const MAX_ENTRIES = 100;

const namespace = z.string().regex(
  /^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$/,
  'use 1 to 32 letters, digits, "_" or "-", starting with a letter or digit',
).refine((name) => !RESERVED.test(name), "an API of this server has this name for itself");

/** The highest limits of kernels; the library says what is wrong with one. */
const limits = z.record(z.string(), z.number("use a number")).transform((value, context) => {
  const { kernels, ...others } = value;
  if (kernels !== undefined && !(Number.isSafeInteger(kernels) && kernels >= 0)) {
    context.addIssue({ code: "custom", path: ["kernels"], message: "use a whole number" });
    return z.NEVER;
  }
  try {
    return { ...parseLimits(others), ...(kernels !== undefined && { kernels }) };
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    context.addIssue({ code: "custom", message: error.message });
    return z.NEVER;
  }
});

function listOf<T extends z.ZodType>(entry: T) {
  return z.array(entry).max(MAX_ENTRIES, `use at most ${MAX_ENTRIES} entries`);
}

/** The settings of a token; what is left out is as the descriptions say. */
export const tokenSettingsSchema = z.strictObject({
  namespace: namespace.openapi({ description: "The namespace that the token is bound to" }),
  scopes: listOf(z.enum(TOKEN_SCOPES, { error: `use ${TOKEN_SCOPES.join(", ")}` })).min(
    1,
    'name a scope, such as "read"',
  ).optional().openapi({
    description: "Every token may look; `run` lets it run code and steer kernels, `files` change " +
      "files and notebooks; by default all",
  }),
  families: listOf(z.enum(EXECUTION_ORIGINS, { error: `use ${EXECUTION_ORIGINS.join(", ")}` }))
    .optional().openapi({ description: "The families of APIs that it is for; by default all" }),
  limits: limits.optional().openapi({
    description: "`kernels`: the most kernels of the namespace at a time, by default " +
      "`NAMESPACE_KERNELS`; and the highest limits of each kernel, such as `memoryMiB`, within those " +
      "of the server",
  }),
  requestsPerMinute: z.int("use a whole number").min(1, "use 1 or more").optional().openapi({
    description: "The requests that may come with it in a minute; by default any number",
  }),
  modes: listOf(z.enum(KernelMode, { error: `use ${Object.values(KernelMode).join(", ")}` }))
    .min(1, "name a mode").optional().openapi({
      description:
        "The modes of its kernels, of those that the server allows; by default `process`",
    }),
  mounts: listOf(z.string().max(4_095).refine(isAbsolute, "use absolute directories")).optional()
    .openapi({ description: "The directories that its kernels may mount; by default none" }),
  servers: listOf(z.string().min(1).max(200)).optional().openapi({
    description: "The other Jupyter servers on which its kernels may run; by default none",
  }),
  permissions: z.boolean().optional().openapi({
    description: "True if its kernels may have permissions of the host; by default not",
  }),
  expiresAt: newEndTime,
});

/** The settings of a token. */
export type TokenSettings = z.infer<typeof tokenSettingsSchema>;

/** A token as it is kept: with the digest by which it is recognized, and without the token itself. */
export const tokenEntrySchema = tokenSettingsSchema.extend({
  id: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, "use 1 to 64 letters, digits, _ and -").optional(),
  /** The SHA-256 digest of the token in hexadecimal digits. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/i, "use the 64 hexadecimal digits of a SHA-256 digest")
    .transform((it) => it.toLowerCase()),
  createdAt: z.iso.datetime().optional(),
  expiresAt: keptEndTime,
});

/** A token as it is kept. */
export type TokenEntry = z.output<typeof tokenEntrySchema>;

/** A token that is valid. */
export interface Token {
  readonly id: string;
  readonly namespace: string;
  readonly scopes: ReadonlySet<TokenScope>;
  /** The families of APIs that it is for; undefined: all. */
  readonly families: ReadonlySet<string> | undefined;
  /** The requests that may come with it in a minute; undefined: any number. */
  readonly requestsPerMinute: number | undefined;
  /** The rights of the kernels that it starts. */
  readonly grant: Grant;
  /** The time of its end in milliseconds since the epoch; undefined: it has none. */
  readonly expiresAt: number | undefined;
  readonly entry: Readonly<TokenEntry>;
}

/** The offer of a server, which tokens take a part of. */
export interface ServerOffer {
  /** The modes of its kernels. */
  modes: readonly KernelMode[];
  defaultMode: KernelMode;
  /** The most kernels at a time of a namespace whose tokens say no number. */
  namespaceKernels: number;
}

/** Makes the token of an entry. */
export function toToken(entry: TokenEntry, server: ServerOffer): Token {
  const { scopes = TOKEN_SCOPES, families, expiresAt, requestsPerMinute, namespace } = entry;
  const { kernels, ...limits } = entry.limits ?? {};
  return {
    id: entry.id ?? entry.sha256.slice(0, 12),
    namespace,
    scopes: new Set(scopes),
    families: families && new Set(families),
    requestsPerMinute,
    grant: {
      maxKernels: kernels ?? server.namespaceKernels,
      limits,
      modes: modesOf(entry, server),
      mounts: entry.mounts ?? [],
      servers: entry.servers ?? [],
      permissions: entry.permissions ?? false,
    },
    expiresAt: expiresAt === undefined ? undefined : Date.parse(expiresAt),
    entry,
  };
}

/**
 * Returns the modes that kernels of a token may have. Only processes keep the code of one namespace from the
 * others; where the server has none, its operator has decided that all may share its own process.
 */
function modesOf({ modes, servers = [] }: TokenEntry, server: ServerOffer): KernelMode[] {
  const here = server.modes.filter((it) => it !== KernelMode.REMOTE);
  const usual = here.includes(KernelMode.PROCESS)
    ? [KernelMode.PROCESS]
    : here.filter((it) => it !== KernelMode.MAIN_THREAD);
  const chosen = modes?.filter((it) => server.modes.includes(it)) ?? usual;
  const remote = servers.length > 0 && !chosen.includes(KernelMode.REMOTE);
  return [...chosen, ...(remote ? [KernelMode.REMOTE] : [])];
}
