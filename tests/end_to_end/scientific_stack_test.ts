import assert from "node:assert/strict";
import { type Kernel, KernelManager, KernelMode } from "../../kernel/mod.ts";
import { type Identity, TestAuthority } from "../support/certificates.ts";
import { temporaryDirectory } from "../support/mod.ts";
import { realPackages } from "../support/real_packages/real_packages.ts";

const sources = await realPackages();

/** Executes a cell, and returns the kinds of its outputs in their order, and the text of its result. */
async function run(kernel: Kernel, code: string): Promise<{ kinds: string[]; text: unknown }> {
  const { error, outputs, result } = await kernel.execute(code);
  assert.equal(error, null, error?.traceback.join("\n"));
  const kinds = outputs.map((it) =>
    it.output_type === "stream"
      ? `${it.name}: ${it.text}`
      : "data" in it
      ? Object.keys(it.data).sort().join(" ")
      : it.output_type
  );
  return { kinds, text: result?.data["text/plain"] };
}

/** Cells that read from addresses, with their results; A and S are granted, and O is not. */
const READS: readonly (readonly [code: string, result: string | RegExp])[] = [
  ["pd.read_csv(A + '/csv').b.tolist()", "[2, 4]"],
  ["pd.read_csv(S + '/csv').b.tolist()", "[2, 4]"],
  ["pd.read_json(S + '/json').b.tolist()", "[2, 4]"],
  ["pd.read_excel(A + '/days.xlsx').n.sum()", "np.int64(6)"],
  ["pd.read_csv(A + '/to?' + S + '/csv').b.tolist()", "[2, 4]"],
  [
    "import urllib.request\nurllib.request.urlretrieve(S + '/csv', 'got.csv'); open('got.csv').read()",
    "'a,b\\n1,2\\n3,4\\n'",
  ],
  ["pd.read_csv(O + '/csv')", /^URLError: .*it was not granted this host/],
  ["pd.read_csv(A + '/to?' + O + '/csv')", /^URLError: .*it was not granted this host/],
];

/** Answers requests for a table in several formats; `/to?ADDRESS` redirects. */
function answer(request: Request, workbook: () => Uint8Array<ArrayBuffer>): Response {
  const { pathname, search } = new URL(request.url);
  if (pathname === "/to") return Response.redirect(decodeURIComponent(search.slice(1)));
  if (pathname === "/json") return Response.json([{ a: 1, b: 2 }, { a: 3, b: 4 }]);
  return new Response(pathname === "/csv" ? "a,b\n1,2\n3,4\n" : workbook());
}

for (const mode of [KernelMode.WORKER, KernelMode.PROCESS] as const) {
  Deno.test(`a ${mode} kernel computes with the real numpy and pandas, and draws with matplotlib`, async () => {
    await using cache = await temporaryDirectory();
    await using manager = new KernelManager({
      packages: { ...sources, cacheDir: cache.path },
    });
    const authority = await TestAuthority.create();
    let workbook = new Uint8Array();
    const serve = (identity: Partial<Identity> = {}) =>
      Deno.serve(
        { hostname: "127.0.0.1", port: 0, onListen() {}, ...identity } as Deno.ServeTcpOptions,
        (request) => answer(request, () => workbook),
      );
    await using plain = serve();
    await using secure = serve(await authority.issue(["DNS:localhost"]));
    await using other = serve();
    const net = [plain, secure].map(({ addr }) => `localhost:${addr.port}`);
    const permissions = { net };
    const kernel = manager.getKernel(await manager.createKernel({ mode, deno: { permissions } }));
    const numbers = await run(
      kernel,
      "import numpy as np\nnp.arange(6).reshape(2, 3) @ np.ones(3)",
    );
    assert.deepEqual(numbers, { kinds: ["text/plain"], text: "array([ 3., 12.])" });
    const frame = await run(
      kernel,
      "import pandas as pd\n" +
        "df = pd.DataFrame({'day': pd.date_range('2026-01-01', periods=3, tz='Europe/Berlin'), 'n': [1, 2, 3]})\n" +
        "df.describe().loc['mean', 'n'], df",
    );
    assert.match(String(frame.text), / 2 2026-01-03 00:00:00\+01:00 {2}3\)$/);
    // The cell names neither matplotlib nor openpyxl: pandas imports them when they are used.
    const plot = await run(kernel, "df.plot(x='day', y='n')\nprint('drawn')");
    assert.deepEqual(plot.kinds, ["stdout: drawn\n", "image/png text/plain"]);
    const excel = await run(
      kernel,
      "df.assign(day=df.day.dt.tz_localize(None)).to_excel('days.xlsx', index=False)\n" +
        "pd.read_excel('days.xlsx').n.sum()",
    );
    assert.equal(excel.text, "np.int64(6)");
    const { stream } = await kernel.files.read("days.xlsx");
    workbook = new Uint8Array(await new Response(stream).arrayBuffer());
    await run(
      kernel,
      `A, S, O = "http://localhost:${plain.addr.port}", "https://localhost:${secure.addr.port}", ` +
        `"http://localhost:${other.addr.port}"\n` +
        `print(${JSON.stringify(authority.cert)}, file=open("ca.pem", "w"), flush=True)\n` +
        `import os; os.environ["SSL_CERT_FILE"] = "ca.pem"`,
    );
    for (const [code, expected] of READS) {
      const { error, result } = await kernel.execute(code);
      const seen = error ? `${error.ename}: ${error.evalue}` : String(result?.data["text/plain"]);
      if (typeof expected === "string") assert.equal(seen, expected, code);
      else assert.match(seen, expected, code);
    }
    const styled = await run(kernel, "df[['n']].style.highlight_max()");
    assert.deepEqual(styled.kinds, ["text/html text/plain"]);
  });
}
