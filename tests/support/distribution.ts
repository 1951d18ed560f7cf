import { zipSync } from "npm:fflate@0.8.3";
import { join } from "node:path";
import { canonicalName } from "../../kernel/packages/project_name.ts";
import { sha256 } from "../../kernel/whole_file.ts";
import { assetPath } from "../../kernel/pyodide/pinned.ts";

/** The source of a wheel. */
export interface WheelSource {
  name: string;
  version: string;
  /** The contents of the files, by path in the wheel. */
  files: Record<string, string | Uint8Array>;
  /** The modules that the wheel contains. @default the wheel's name */
  imports?: string[];
  /** The names of the packages that the wheel needs. */
  depends?: string[];
  /** The extras that requirements may name. */
  extras?: string[];
  /** The tags at the end of the wheel's file name. @default py3-none-any */
  tags?: string;
}

/** A wheel as it is served. */
export interface Wheel {
  source: WheelSource;
  fileName: string;
  bytes: Uint8Array<ArrayBuffer>;
}

/** Makes a wheel. */
export function makeWheel(source: WheelSource): Wheel {
  const { name, version, files, depends = [], extras = [], tags = "py3-none-any" } = source;
  const info = `${name.replaceAll("-", "_")}-${version}.dist-info`;
  const needs = [
    ...depends.map((it) => `Requires-Dist: ${it}\n`),
    ...extras.map((it) => `Provides-Extra: ${it}\n`),
  ].join("");
  const entries = Object.entries({
    ...files,
    [`${info}/METADATA`]: `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n${needs}\n`,
    [`${info}/WHEEL`]: `Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: ${tags}\n`,
  }).map(([path, content]) => [
    path,
    typeof content === "string" ? new TextEncoder().encode(content) : content,
  ]);
  const record = `${entries.map(([path]) => `${path},,\n`).join("")}${info}/RECORD,,\n`;
  entries.push([`${info}/RECORD`, new TextEncoder().encode(record)]);
  const bytes = new Uint8Array(zipSync(Object.fromEntries(entries)));
  return { source, fileName: `${name.replaceAll("-", "_")}-${version}-${tags}.whl`, bytes };
}

/** Makes a wheel of modules or packages that Debian has installed in its dist-packages. */
export async function debianWheel(
  name: string,
  version: string,
  modules: string[],
  depends: string[] = [],
): Promise<Wheel> {
  const root = "/usr/lib/python3/dist-packages";
  const files: Record<string, Uint8Array> = {};
  async function add(path: string): Promise<void> {
    if ((await Deno.stat(join(root, path))).isFile) {
      if (!path.endsWith(".pyc")) files[path] = await Deno.readFile(join(root, path));
      return;
    }
    for await (const entry of Deno.readDir(join(root, path))) {
      const skipped = /^(tests?|benchmarks|__pycache__)$/.test(entry.name);
      if (!skipped) await add(`${path}/${entry.name}`);
    }
  }
  for (const module of modules) await add(module);
  const imports = modules.map((it) => it.replace(/\.py$/, ""));
  return makeWheel({ name, version, files, imports, depends });
}

/** A distribution that is served on the loopback, with an index of the same wheels at `/simple/`. */
export interface Distribution extends AsyncDisposable {
  /** The address of the distribution's files. */
  url: string;
  indexUrl: string;
  /** The paths of the requests so far, in order. */
  requests: string[];
  /** Handlers of the test for some paths. */
  answers: Map<string, (request: Request) => Response | Promise<Response>>;
}

/** Options for {@linkcode serveDistribution}. */
export interface DistributionOptions {
  /** Wrong entries of the distribution's list, by package. */
  lies?: Record<string, Record<string, unknown>>;
  info?: Record<string, unknown>;
  /** Wheels that only the index has. */
  indexed?: Wheel[];
}

/** Serves wheels as a distribution of Pyodide and as an index. */
export async function serveDistribution(
  wheels: Wheel[],
  { lies = {}, info = {}, indexed = [] }: DistributionOptions = {},
): Promise<Distribution> {
  const stock = JSON.parse(await Deno.readTextFile(assetPath("pyodide-lock.json")));
  const packages = Object.fromEntries(
    await Promise.all(wheels.map(async ({ source, fileName, bytes }) => {
      const { name, version, imports = [name], depends = [] } = source;
      return [canonicalName(name), {
        ...{ name, version, file_name: fileName, install_dir: "site", imports },
        ...{
          depends,
          package_type: "package",
          sha256: await sha256(bytes),
          unvendored_tests: false,
        },
        ...lies[name],
      }];
    })),
  );
  const lock = JSON.stringify({ info: { ...stock.info, ...info }, packages });
  const files = new Map([...wheels, ...indexed].map((it) => [it.fileName, it] as const));
  const requests: string[] = [];
  const answers: Distribution["answers"] = new Map();
  async function answer(request: Request): Promise<Response> {
    const { pathname, search, origin } = new URL(request.url);
    requests.push(pathname + search);
    const other = answers.get(pathname);
    if (other) return await other(request);
    if (pathname === "/pyodide-lock.json") return new Response(lock);
    const project = /^\/simple\/([^/]+)\/$/.exec(pathname)?.[1];
    if (project !== undefined) return await projectPage(project, [...files.values()], origin);
    const file = files.get(decodeURIComponent(pathname.slice(1)));
    return file ? new Response(file.bytes) : new Response("not found", { status: 404 });
  }
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, answer);
  const url = `http://127.0.0.1:${server.addr.port}`;
  return {
    url,
    indexUrl: `${url}/simple`,
    requests,
    answers,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** Answers with the page of a project in an index, as JSON (PEP 691). */
async function projectPage(project: string, wheels: Wheel[], base: string): Promise<Response> {
  const own = wheels.filter(({ source }) => canonicalName(source.name) === project);
  if (own.length === 0) return new Response("no such project", { status: 404 });
  const files = await Promise.all(own.map(async ({ fileName, bytes }) => ({
    filename: fileName,
    url: `${base}/${fileName}`,
    hashes: { sha256: await sha256(bytes) },
  })));
  const body = { meta: { "api-version": "1.0" }, name: project, files };
  return new Response(JSON.stringify(body), {
    headers: { "Content-Type": "application/vnd.pypi.simple.v1+json" },
  });
}
