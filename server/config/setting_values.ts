/**
 * The values that settings may have: each schema parses the text of one kind.
 *
 * @module
 */
import { existsSync, statSync } from "node:fs";
import { isIP } from "node:net";
import { resolve } from "node:path";
import { z } from "zod";
import {
  checkRemoteServer,
  KernelError,
  type KernelLimits,
  KernelMode,
  parseLimits,
  type RemoteServerOptions,
} from "../../kernel/mod.ts";
import { TOOL_NAMES } from "../services/agents/settings.ts";
import { messageOf } from "../errors/service_error.ts";
import { EXECUTION_ORIGINS } from "../services/executions/record.ts";
import { kernelProfileSchema } from "../services/kernels/profiles.ts";

/** Any text. */
export const text = z.string();
/** The longest delay of a timer, in seconds. */
const MAX_SECONDS = 2_147_483;

/** A whole number within bounds. */
export function integer(min: number, max = Number.MAX_SAFE_INTEGER) {
  const message = max === Number.MAX_SAFE_INTEGER
    ? `use a whole number from ${min} up`
    : `use a whole number from ${min} to ${max}`;
  return text.regex(/^\d+$/, message).transform(Number)
    .refine((value) => value >= min && value <= max, message);
}

/** A time in seconds, which becomes milliseconds. */
export const seconds = text.regex(/^\d+(\.\d+)?$/, "use seconds, such as 30").transform(Number)
  .refine((value) => value <= MAX_SECONDS, `use at most ${MAX_SECONDS} seconds`)
  .transform((value) => Math.round(value * 1000));

/** A time in seconds that is not 0, which becomes milliseconds. */
export const deadline = seconds.refine((value) => value > 0, "use more than 0 seconds");

const BYTES = { "": 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 };
/** A number of bytes, perhaps with a unit. */
export const bytes = text.regex(/^\d+[kmg]?$/i, "use a number of bytes, such as 1000, 64k or 10m")
  .transform((value) => {
    const unit = value.slice(-1).toLowerCase();
    const factor = BYTES[unit as keyof typeof BYTES] ?? 1;
    return parseInt(value) * factor;
  });

/** Sets of package names: names are separated by spaces, sets by semicolons; `off` is none. */
export const packageSets = z.string().transform((text) =>
  (text.trim() === "off" ? "" : text).split(";")
    .map((set) => set.split(/[\s,]+/).filter((name) => name !== ""))
    .filter((set) => set.length > 0)
).refine(
  (sets) => sets.flat().every((name) => /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/.test(name)),
  'use names of packages without versions, such as "numpy pandas"',
);

/** A list whose entries are separated by commas. */
export const list = text.transform((value) =>
  value.split(",").map((it) => it.trim()).filter((it) => it !== "")
);

/** The names of tools, each once. */
export const tools = list.pipe(
  z.array(z.enum(TOOL_NAMES, { error: `use names among ${TOOL_NAMES.join(", ")}` })),
).transform((values) => [...new Set(values)]);

/** The families of APIs besides the native one. */
const FAMILY_NAMES = EXECUTION_ORIGINS.filter((it) => it !== "native");

/** The names of families of APIs, each once; none means all. */
export const families = list.pipe(
  z.array(z.enum(FAMILY_NAMES, { error: `use names among ${FAMILY_NAMES.join(", ")}` })),
).transform((values) => values.length === 0 ? FAMILY_NAMES : [...new Set(values)]);

/** A level of the log in small or capital letters, also as Python's names are shortened; an empty text is none. */
export const logLevel = text.transform((value) => {
  const level = value.toLowerCase();
  return level === "" ? undefined : level === "warn" ? "warning" : level;
}).pipe(
  z.enum(["debug", "info", "warning", "error"], {
    error: "use debug, info, warning or error",
  }).optional(),
);

/** Addresses of machines. */
export const addresses = list.refine(
  (values) => values.every((it) => isIP(it) !== 0),
  "use addresses such as 10.0.0.1, separated by commas",
);

/** Any text; an empty text becomes undefined. */
export const optional = text.transform((value) => value === "" ? undefined : value);

/** Origins of web pages. */
export const origins = list.refine(
  (values) => values.every((it) => URL.canParse(it) && new URL(it).origin === it),
  'use origins such as "https://notebooks.example.com", separated by commas',
);

/** Directories that exist, which become absolute paths. */
export const directories = list.transform((values) => values.map((it) => resolve(it))).refine(
  (values) => values.every((it) => existsSync(it) && statSync(it).isDirectory()),
  "use directories that exist, separated by commas",
);

/** A directory, which becomes an absolute path and need not exist; an empty text becomes undefined. */
export const directory = optional.transform((value) =>
  value === undefined ? value : resolve(value)
);

/** A kernel mode. */
export const mode = z.enum(KernelMode, { error: `use ${Object.values(KernelMode).join(" or ")}` });
/** Kernel modes, at least one. */
export const modes = list.pipe(
  z.array(mode).min(1, `use ${Object.values(KernelMode).join(" or ")}, separated by commas`),
);

/** Limits of kernels, such as "memoryMiB=512, cpuSeconds=60". */
export const limits = list.transform((values, context): Partial<KernelLimits> => {
  const entries = values.map((it) => it.split("=").map((part) => part.trim()));
  try {
    return parseLimits(
      Object.fromEntries(entries.map(([name, value]) => [name, value ? Number(value) : NaN])),
    );
  } catch (error) {
    const problem = messageOf(error);
    context.addIssue(`${problem}; use limits such as "memoryMiB=512,cpuSeconds=60"`);
    return z.NEVER;
  }
});

/** Kinds of kernels, as JSON. */
export const profiles = text.transform((value, context): unknown => {
  try {
    return JSON.parse(value);
  } catch {
    context.addIssue('use JSON, such as {"small": {"limits": {"memoryMiB": 256}}}');
    return z.NEVER;
  }
}).pipe(z.record(
  z.string().regex(/^[a-z0-9._-]+$/i, "use letters, digits, '.', '_' and '-' in a kernel's name"),
  kernelProfileSchema,
));

/** Other Jupyter servers, as JSON. The library checks each of them, and no problem repeats a value. */
export const servers = text.transform((value, context): Record<string, RemoteServerOptions> => {
  try {
    const table = z.record(z.string(), z.unknown()).parse(JSON.parse(value));
    for (const [name, options] of Object.entries(table)) checkRemoteServer(name, options);
    return table as Record<string, RemoteServerOptions>;
  } catch (error) {
    context.addIssue(
      error instanceof KernelError
        ? error.message
        : 'use JSON, such as {"gpu": {"url": "https://gpu.example.com/", "token": "..."}}',
    );
    return z.NEVER;
  }
});

/** A grant of permissions: everything, nothing, or a list. */
export const grant = text.transform((value) => {
  if (value === "true") return true;
  if (value === "" || value === "false") return false;
  return list.parse(value);
});
