import { resolve } from "node:path";
import assert from "node:assert/strict";
import { FAMILIES } from "../../../server/apis/mod.ts";
import { type Config, ConfigError, loadConfig } from "../../../server/config/config.ts";

function problems(env: Record<string, string>, args: string[] = [], dotenv?: string): string {
  try {
    loadConfig({ env, args, dotenv });
  } catch (error) {
    assert(error instanceof ConfigError);
    return error.message;
  }
  throw new Error("nothing was refused");
}

Deno.test("loadConfig() has safe defaults", () => {
  const config = loadConfig();
  assert.equal(config.host, "127.0.0.1");
  assert.equal(config.port, 8000);
  assert.equal(config.requireToken, false);
  assert.deepEqual(config.mountRoots, []);
  assert.deepEqual([config.defaultKernelMode, ...config.allowedKernelModes], [
    "process",
    "process",
    "worker",
  ]);
  assert(Object.values(config.permissionCeiling).every((grant) => grant === false));
  assert.equal(config.rateLimit, 0);
  assert.equal(config.inactivityTimeoutMs, 3_600_000);
});

Deno.test("loadConfig() takes a flag before the environment, and that before .env", () => {
  const dotenv = "PORT=1\nMAX_KERNELS=1\nMAX_QUEUE=1\n";
  const env = { PORT: "2", MAX_KERNELS: "2" };
  const config = loadConfig({ args: ["--port", "3"], env, dotenv });
  assert.deepEqual([config.port, config.maxKernels, config.maxKernelLimits.queue], [3, 2, 1]);
});

Deno.test("loadConfig() wants a token and a rate limit where others can reach the server", () => {
  const { requireToken, rateLimit } = loadConfig({ env: { HOST: "0.0.0.0" } });
  assert.deepEqual([requireToken, rateLimit], [true, 6000]);
  assert.equal(loadConfig({ env: { HOST: "::1" } }).requireToken, false);
  assert.equal(loadConfig({ env: { TOKEN: "0123456789abcdef" } }).requireToken, true);
  assert.equal(loadConfig({ env: { HOST: "0.0.0.0", RATE_LIMIT: "0" } }).rateLimit, 0);
});

Deno.test("loadConfig() reads sizes, times, lists and grants", () => {
  const config: Config = loadConfig({
    env: {
      MAX_BODY_BYTES: "64k",
      MAX_UPLOAD_BYTES: "2M",
      INACTIVITY_TIMEOUT: "1.5",
      ALLOWED_ORIGINS: "https://a.example, http://b.example:8080",
      MOUNT_ROOTS: "/tmp,/usr",
      KERNEL_LIMITS: "memoryMb=512, cpuSeconds=1.5",
      KERNEL_ALLOW_NET: "example.com, api.example.com:443",
      KERNEL_ALLOW_ENV: "true",
      RETENTION_HOURS: "0.5",
    },
  });
  assert.deepEqual([config.maxBodyBytes, config.maxUploadBytes], [65_536, 2_097_152]);
  assert.equal(config.inactivityTimeoutMs, 1_500);
  assert.deepEqual(config.allowedOrigins, ["https://a.example", "http://b.example:8080"]);
  assert.deepEqual(config.mountRoots, ["/tmp", "/usr"]);
  assert.deepEqual(config.permissionCeiling.net, ["example.com", "api.example.com:443"]);
  assert.equal(config.permissionCeiling.env, true);
  assert.deepEqual(config.kernelLimits, { memoryMb: 512, cpuSeconds: 1.5 });
  assert.equal(config.retention.maxAgeMs, 1_800_000);
});

for (
  const [name, value, problem] of [
    ["PORT", "65536", /whole number from 0 to 65535/],
    ["PORT", "-1", /whole number/],
    ["HOST", "", /HOST/],
    ["API_FAMILIES", "jupyter,moon", /use names among jupyter, earlier, mcp/],
    ["TOKEN", "tooshort", /at least 16/],
    ["TOKEN", "with space 1234567", /visible ASCII/],
    ["ALLOWED_ORIGINS", "example.com", /use origins such as/],
    ["ALLOWED_ORIGINS", "https://example.com/", /use origins such as/],
    ["MOUNT_ROOTS", "/does/not/exist", /directories that exist/],
    ["DEFAULT_KERNEL_MODE", "moon", /use main_thread or process or remote or worker/],
    ["ALLOWED_KERNEL_MODES", "", /separated by commas/],
    ["MAX_KERNELS", "0", /from 1 up/],
    ["KERNEL_LIMITS", "memoryMb=1", /memoryMb: use a whole number from 64 to 4096/],
    ["KERNEL_LIMITS", "memory=512", /memory.*use limits such as/],
    ["MAX_KERNEL_LIMITS", "cpuSeconds", /cpuSeconds: use seconds/],
    ["MAX_BODY_BYTES", "10mb", /number of bytes/],
    ["INACTIVITY_TIMEOUT", "1h", /use seconds/],
    ["INACTIVITY_TIMEOUT", "9999999999", /at most/],
    ["RATE_LIMIT", "many", /whole number/],
    ["LOG_LEVEL", "loud", /use debug, info, warning or error/],
    ["LOG_FORMAT", "xml", /use json or text/],
  ] as const
) {
  Deno.test(`loadConfig() refuses ${name}=${value}`, () => {
    const message = problems({ [name]: value });
    assert.match(message, problem);
    // A value that may hold credentials is not repeated.
    const shown = name === "TOKEN" ? "" : `"${value}": `;
    assert(message.startsWith(`${name}: ${shown}`), message);
    assert.equal(message.includes(value), name !== "TOKEN");
  });
}

Deno.test("loadConfig() names everything that is wrong at once", () => {
  const message = problems({ PORT: "x", MAX_QUEUE: "y" }, [], "MAX_KERNELZ=1");
  assert.equal(message.split("\n").length, 3);
  assert.match(message, /^\.env: MAX_KERNELZ: there is no such setting/);
});

Deno.test("loadConfig() refuses flags that it does not know", () => {
  assert.match(problems({}, ["--prot", "1"]), /--prot/);
  assert.match(problems({}, ["surplus"]), /surplus/);
  assert.match(problems({}, ["--port"]), /--port/);
});

Deno.test("loadConfig() refuses a default mode that is not allowed", () => {
  assert.match(problems({ DEFAULT_KERNEL_MODE: "main_thread" }), /not among ALLOWED_KERNEL_MODES/);
});

Deno.test("loadConfig() lets kernels use the index that the machine has, unless settings say otherwise", () => {
  const findIndex = () => Promise.resolve(undefined);
  const indexUrl = "https://packages.example.com/simple";
  const packages = (env: Record<string, string>) => {
    const { packages } = loadConfig({ env, findIndex });
    assert(packages);
    return [packages.indexUrl, packages.findIndex];
  };
  assert.deepEqual(packages({}), [undefined, findIndex]);
  assert.deepEqual(packages({ PACKAGES: "index" }), [undefined, findIndex]);
  assert.deepEqual(packages({ PACKAGE_INDEX_URL: indexUrl }), [indexUrl, undefined]);
  assert.deepEqual(packages({ PACKAGES: "locked", PACKAGE_INDEX_URL: indexUrl }), [
    undefined,
    undefined,
  ]);
  assert.equal(loadConfig({ env: { PACKAGES: "off" } }).packages, false);
});

Deno.test("loadConfig() takes other servers, and allows kernels on them", () => {
  const { servers, allowedKernelModes } = loadConfig({
    env: {
      REMOTE_SERVERS: '{"gpu": {"url": "https://gpu.example.com/user/ada/", "onCrash": "replace"}}',
      JUPYTER_SERVER_URL: "http://127.0.0.1:8888",
      JUPYTER_TOKEN: "secret",
      JUPYTER_TIMEOUT_TOTAL: "5",
    },
  });
  assert.deepEqual(Object.keys(servers), ["jupyter", "gpu"]);
  assert.equal(servers["jupyter"]?.requestTimeoutMs, 5_000);
  assert(allowedKernelModes.includes("remote"));
  assert(!loadConfig({}).allowedKernelModes.includes("remote"));
});

for (
  const [what, env] of [
    ["no JSON", { REMOTE_SERVERS: "{gpu: s3cr3t}" }],
    ["no address", { REMOTE_SERVERS: '{"gpu": {"url": "s3cr3t"}}' }],
    ["an unknown option", {
      REMOTE_SERVERS: '{"gpu": {"url": "http://s3cr3t@h/", "tokn": "s3cr3t"}}',
    }],
    ["an address of another kind", { JUPYTER_SERVER_URL: "ftp://ada:s3cr3t@host/" }],
    ["a token with a line break", { JUPYTER_SERVER_URL: "http://h/", JUPYTER_TOKEN: "s3cr3t\nx" }],
  ] as const
) {
  Deno.test(`loadConfig() refuses other servers with ${what}, and repeats no secret`, () => {
    assert.throws(() => loadConfig({ env }), (error: unknown) => {
      assert(error instanceof ConfigError);
      assert.match(error.message, /^(REMOTE_SERVERS|JUPYTER_SERVER_URL): /);
      return !error.message.includes("s3cr3t");
    });
  });
}

Deno.test("loadConfig() takes the settings and flags of the Colab Code Executor", () => {
  const dotenv = [
    "JUPYTER_SERVER_URL=http://127.0.0.1:8080",
    "JUPYTER_TOKEN=abc",
    "JUPYTER_TIMEOUT_CONNECT=10.0",
    "JUPYTER_TIMEOUT_TOTAL=30.0",
    "JUPYTER_CRASH_SLEEP_DURATION=30.0",
    "JUPYTER_LOG_LEVEL=WARN",
  ].join("\n");
  const config = loadConfig({ dotenv, args: ["--server-url", "http://127.0.0.1:8888"] });
  assert.deepEqual(config.servers, {
    jupyter: {
      url: "http://127.0.0.1:8888",
      token: "abc",
      connectTimeoutMs: 10_000,
      requestTimeoutMs: 30_000,
      crashDelayMs: 30_000,
    },
  });
  assert.equal(config.logLevel, "warning");
  assert.equal(loadConfig({ dotenv, args: ["--log-level", "DEBUG"] }).logLevel, "debug");
  assert.equal(loadConfig().logLevel, "info");
  const long = "0123456789abcdef";
  for (
    const [args, own, jupyters] of [
      [["--token", "mytoken123"], undefined, "mytoken123"],
      [["--token", long], long, long],
      [["--token", long, "--jupyter-token", "other"], long, "other"],
      [[], undefined, "abc"],
    ] as const
  ) {
    const { token, servers } = loadConfig({ dotenv, args: ["--server-url", "http://a", ...args] });
    assert.deepEqual([token, servers["jupyter"]!.token], [own, jupyters]);
  }
  assert.throws(() => loadConfig({ dotenv, args: ["--token", "mytoken123"] }), /TOKEN/);
});

Deno.test("loadConfig() serves all families of APIs, or those that API_FAMILIES names", () => {
  assert.deepEqual(loadConfig({ env: { API_FAMILIES: "mcp, colab,mcp" } }).apiFamilies, [
    "mcp",
    "colab",
  ]);
  const { apiFamilies } = loadConfig();
  assert.deepEqual(["native", ...apiFamilies].toSorted(), Object.keys(FAMILIES).toSorted());
});

Deno.test("loadConfig() gives JupyterLab a port of its own, and notebooks a directory", () => {
  assert.equal(loadConfig().labPort, undefined);
  for (const args of [["--lab"], ["--lab", "--port=1"], ["--lab=on"], ["--lab", "on"]]) {
    const { labPort, notebookDir } = loadConfig({ args });
    assert.deepEqual([labPort, notebookDir], [8888, resolve("notebooks")]);
  }
  assert.equal(loadConfig({ args: ["--lab", "off"] }).labPort, undefined);
  assert.equal(loadConfig({ args: ["--lab", "--notebook-dir=/n"] }).notebookDir, "/n");
  for (
    const [settings, reason] of [
      [{ LAB_PORT: "8000" }, /LAB_PORT: use another port than PORT/],
      [{ PACKAGES: "off" }, /LAB: JupyterLab is fetched as a package/],
      [{ ALLOWED_ORIGINS: "http://localhost:8888" }, /ALLOWED_ORIGINS: "http:\/\/localhost:8888"/],
      [{ ALLOWED_ORIGINS: "http://[::1]:8888" }, /is JupyterLab's/],
      [{ LAB: "yes" }, /LAB: "yes": use on or off/],
    ] as const
  ) {
    assert.throws(() => loadConfig({ env: { LAB: "on", ...settings } }), reason);
  }
  const elsewhere = { LAB: "on", ALLOWED_ORIGINS: "https://lab.example.com:8888" };
  assert.equal(loadConfig({ env: elsewhere }).labPort, 8888);
});
