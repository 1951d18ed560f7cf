import type { Kernel as JupyterKernel, KernelMessage } from "@jupyterlab/services";
import assert from "node:assert/strict";
import { type Kernel, KernelManager, KernelMode } from "../../kernel/mod.ts";
import { debianWheel, serveDistribution } from "../support/distribution.ts";
import { createJupyter, run } from "../support/jupyter.ts";

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

/** The data of the next message of a comm. */
function dataOf(comm: JupyterKernel.IComm): Promise<KernelMessage.ICommMsgMsg["content"]["data"]> {
  return new Promise((resolve) => comm.onMsg = ({ content }) => resolve(content.data));
}

Deno.test("JupyterLab's client shows and moves a slider of the real ipywidgets", async () => {
  await using distribution = await serveDistribution([
    await debianWheel("traitlets", "5.5.0", ["traitlets"]),
    await debianWheel("ipython-genutils", "0.2.0", ["ipython_genutils"]),
    await debianWheel("ipywidgets", "6.0.0", ["ipywidgets"], ["traitlets", "ipython-genutils"]),
  ]);
  await using jupyter = await createJupyter({ PYODIDE_PACKAGE_BASE_URL: distribution.url });
  const kernel = await jupyter.start("python");
  const opened = new Map<string, JupyterKernel.IComm>();
  const states = new Map<string, KernelMessage.ICommOpenMsg["content"]["data"]>();
  kernel.registerCommTarget("jupyter.widget", (comm, message) => {
    opened.set(comm.commId, comm);
    states.set(comm.commId, message.content.data);
  });
  const cell = await run(
    kernel,
    "from ipywidgets import IntSlider\n" +
      "slider = IntSlider(value=3, description='n')\n" +
      "slider.observe(lambda change: print('now', change['new']), 'value')\nslider",
  );
  assert.equal(cell.reply.status, "ok", cell.reply.evalue);
  const display = cell.outputs.find(({ type }) => type === "display_data")!;
  const { data } = display.content as KernelMessage.IDisplayDataMsg["content"];
  const view = data["application/vnd.jupyter.widget-view+json"] as { model_id: string };
  const { value, description } = states.get(view.model_id) as Record<string, unknown>;
  assert.deepEqual([value, description], [3, "n"]);
  const slider = opened.get(view.model_id)!;
  const printed: unknown[] = [];
  const moved = slider.send({ method: "backbone", sync_data: { value: 42 } });
  moved.onIOPub = ({ header, content }) => {
    if (header.msg_type === "stream") printed.push((content as { text: string }).text);
  };
  await moved.done;
  assert.deepEqual(printed, ["now 42\n"]);
  const update = dataOf(slider);
  await run(kernel, "slider.value += 1");
  assert.deepEqual((await update)["state"], { value: 43 });
});
