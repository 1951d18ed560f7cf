import assert from "node:assert/strict";
import { connectAgent, createAgentServer } from "../support/agent.ts";
import { launchBrowser, testInBrowser } from "../support/browser.ts";

/** A client of MCP as its view sees it: it answers the view, and passes a tool's answer on. */
const HOST = `
  const frame = document.querySelector("iframe");
  window.requests = [];
  addEventListener("message", async ({ source, data }) => {
    if (source !== frame.contentWindow) return;
    window.requests.push(data.method);
    const answer = (result) => source.postMessage({ jsonrpc: "2.0", id: data.id, result }, "*");
    if (data.method === "ui/initialize") {
      answer({ protocolVersion: "2026-01-26", hostInfo: { name: "test", version: "1" },
        hostCapabilities: { serverResources: {} }, hostContext: {} });
    } else if (data.method === "ui/notifications/initialized") {
      source.postMessage({ jsonrpc: "2.0", method: "ui/notifications/tool-result", params: await result() }, "*");
    } else if (data.method === "resources/read") answer(await readResource(data.params.uri));
  });`;

testInBrowser(
  "the view of a run shows text, images, tables and errors, and what it shows reaches nothing",
  async () => {
    await using server = createAgentServer();
    await using agent = await connectAgent(server);
    const tool = (await agent.client.listTools()).tools.find(({ name }) => name === "run_code");
    const { resourceUri: uri } = tool!._meta!["ui"] as { resourceUri: string };
    const { contents: [view] } = await agent.client.readResource({ uri });
    assert(view && "text" in view);
    assert.equal(view.mimeType, "text/html;profile=mcp-app");
    const code = `from IPython.display import display, HTML, Image
import base64
print("printed")
display(Image(base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")))
display(HTML("<table><tr><td>seven</td></tr></table><script>document.body.append(typeof origin, ' ran');" +
  "fetch('http://127.0.0.1:1/leak').catch(() => document.body.append(' refused'))</script>"))
1 / 0`;
    const result = await agent.client.callTool({ name: "run_code", arguments: { code } });
    const browser = await launchBrowser();
    try {
      const page = await browser.newPage();
      const requested: string[] = [];
      page.on("request", (request) => requested.push(request.url()));
      await page.exposeFunction("result", () => result);
      await page.exposeFunction(
        "readResource",
        (uri: string) => agent.client.readResource({ uri }),
      );
      await page.setContent('<iframe sandbox="allow-scripts" width="600" height="600"></iframe>');
      await page.evaluate(HOST);
      await page.locator("iframe").evaluate((frame, html) => {
        Object.assign(frame, { srcdoc: html });
      }, view.text);
      const shown = page.frameLocator("iframe");
      await shown.getByText("printed").waitFor();
      await shown.getByRole("img").waitFor();
      await shown.getByText("ZeroDivisionError: division by zero").waitFor();
      await shown.getByText(/^error · .*session/).waitFor();
      const inner = shown.frameLocator("iframe");
      await inner.getByText("seven").waitFor();
      await inner.getByText(/ran.* refused/).waitFor();
      assert.deepEqual(requested.filter((url) => url.startsWith("http")), []);
    } finally {
      await browser.close();
    }
  },
);
