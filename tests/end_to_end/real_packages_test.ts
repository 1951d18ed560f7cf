import assert from "node:assert/strict";
import { type Kernel, KernelManager, KernelMode } from "../../kernel/mod.ts";
import { debianWheel, serveDistribution } from "../support/distribution.ts";

async function value(kernel: Kernel, code: string): Promise<unknown> {
  const { error, result } = await kernel.execute(code);
  assert.equal(error, null, error?.evalue);
  return result?.data["text/plain"];
}

for (const mode of [KernelMode.WORKER, KernelMode.PROCESS] as const) {
  Deno.test(`a ${mode} kernel runs real packages: sympy, networkx, bs4, dateutil`, async () => {
    await using distribution = await serveDistribution([
      await debianWheel("sympy", "1.11.1", ["sympy"], ["mpmath"]),
      await debianWheel("mpmath", "1.2.1", ["mpmath"]),
      await debianWheel("networkx", "2.8.8", ["networkx"]),
      await debianWheel("six", "1.16.0", ["six.py"]),
      await debianWheel("python-dateutil", "2.8.2", ["dateutil"], ["six"]),
      await debianWheel("soupsieve", "2.4", ["soupsieve"]),
      await debianWheel("beautifulsoup4", "4.11.2", ["bs4"], ["soupsieve"]),
    ]);
    await using manager = new KernelManager({
      packages: { baseUrl: distribution.url, cacheDir: null },
    });
    const kernel = manager.getKernel(await manager.createKernel({ mode }));
    assert.equal(
      await value(kernel, "import sympy\nx = sympy.Symbol('x')\nsympy.integrate(sympy.cos(x), x)"),
      "sin(x)",
    );
    assert.equal(
      await value(
        kernel,
        "import networkx, bs4\nfrom dateutil.parser import parse\n" +
          "networkx.shortest_path(networkx.path_graph(4), 0, 3), " +
          "bs4.BeautifulSoup('<p class=a>hi</p>', 'html.parser').select_one('p.a').text, " +
          "parse('2 Jan 2020').year",
      ),
      "([0, 1, 2, 3], 'hi', 2020)",
    );
  });
}
