/// <reference lib="dom" />
import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import {
  DEADLINE_MS,
  type NotebookFixture,
  openNotebook,
  sharedBrowser,
  testInBrowser,
} from "../support/browser.ts";
import { listen, type Listener } from "../support/listener.ts";
import { openWithOutputs } from "../support/notebook_file.ts";

/** Ways to reach another host, as HTML of an output. `TCP_PORT` and `UDP_PORT` are the listener's ports. */
const WAYS: Record<string, string> = {
  "an image": `<img src="http://127.0.0.1:TCP_PORT/img">`,
  "an image of a script": script(`new Image().src = "http://127.0.0.1:TCP_PORT/image"`),
  "fetch()": script(`fetch("http://127.0.0.1:TCP_PORT/fetch", { mode: "no-cors" })`),
  "fetch() that is kept alive": script(
    `fetch("http://127.0.0.1:TCP_PORT/alive", { mode: "no-cors", keepalive: true })`,
  ),
  "XMLHttpRequest": script(
    `const r = new XMLHttpRequest(); r.open("GET", "http://127.0.0.1:TCP_PORT/xhr"); r.send()`,
  ),
  "a WebSocket": script(`new WebSocket("ws://127.0.0.1:TCP_PORT/ws")`),
  "an EventSource": script(`new EventSource("http://127.0.0.1:TCP_PORT/events")`),
  "sendBeacon()": script(`navigator.sendBeacon("http://127.0.0.1:TCP_PORT/beacon", "x")`),
  "WebTransport": script(`new WebTransport("https://127.0.0.1:UDP_PORT/transport")`),
  "a form": `<form id="f" action="http://127.0.0.1:TCP_PORT/form"><input name="a"></form>` +
    script(`document.getElementById("f").submit()`),
  "window.open()": script(`window.open("http://127.0.0.1:TCP_PORT/open")`),
  "a link that is clicked":
    `<a id="a" href="http://127.0.0.1:TCP_PORT/a" ping="http://127.0.0.1:TCP_PORT/p">a</a>` +
    script(`document.getElementById("a").click()`),
  "a navigation": script(`location.href = "http://127.0.0.1:TCP_PORT/navigation"`),
  "a navigation of the page": script(`top.location.href = "http://127.0.0.1:TCP_PORT/top"`),
  "a refresh": `<meta http-equiv="refresh" content="0; url=http://127.0.0.1:TCP_PORT/refresh">`,
  "a refresh of a script": script(
    `const m = document.createElement("meta"); m.httpEquiv = "refresh";` +
      `m.content = "0; url=http://127.0.0.1:TCP_PORT/refresh"; document.head.append(m)`,
  ),
  "a worker": script(`new Worker("http://127.0.0.1:TCP_PORT/worker.js")`),
  "a worker of a blob": script(
    `new Worker(URL.createObjectURL(new Blob(["fetch('http://127.0.0.1:TCP_PORT/blob')"])))`,
  ),
  "a script": `<script src="http://127.0.0.1:TCP_PORT/script.js"></script>`,
  "an import": script(`import("http://127.0.0.1:TCP_PORT/module.js")`),
  "a style sheet": `<style>@import url("http://127.0.0.1:TCP_PORT/style.css");</style>`,
  "a url() of CSS": `<div style="background: url(http://127.0.0.1:TCP_PORT/background)">x</div>`,
  "a font":
    `<style>@font-face { font-family: x; src: url(http://127.0.0.1:TCP_PORT/font) }</style>` +
    `<p style="font-family: x">x</p>`,
  "a frame": `<iframe src="http://127.0.0.1:TCP_PORT/iframe"></iframe>`,
  "a frame of a document":
    `<iframe srcdoc="<img src='http://127.0.0.1:TCP_PORT/srcdoc'>"></iframe>`,
  "an object": `<object data="http://127.0.0.1:TCP_PORT/object"></object>`,
  "an embed": `<embed src="http://127.0.0.1:TCP_PORT/embed">`,
  "a video": `<video src="http://127.0.0.1:TCP_PORT/video" autoplay></video>`,
  "an SVG image": `<svg><image href="http://127.0.0.1:TCP_PORT/svg"/></svg><script></script>`,
  ...Object.fromEntries(
    [
      "preload",
      "prefetch",
      "preconnect",
      "dns-prefetch",
      "modulepreload",
      "stylesheet",
      "icon",
      "manifest",
    ].flatMap((rel) => [
      [
        `a link rel=${rel}`,
        `<link rel="${rel}" as="image" href="http://127.0.0.1:TCP_PORT/${rel}">`,
      ],
      [
        `a link rel=${rel} of a script`,
        script(
          `const l = document.createElement("link"); l.rel = "${rel}"; l.as = "image";` +
            `l.href = "http://127.0.0.1:TCP_PORT/${rel}"; document.head.append(l)`,
        ),
      ],
    ]),
  ),
  "speculation rules": `<script type="speculationrules">` +
    `{"prefetch":[{"source":"list","urls":["http://127.0.0.1:TCP_PORT/speculation"]}]}</script>`,
  "WebRTC": script(RTC()),
};

/** Ways to a document inside the frame, which has what was removed from the frame itself. */
const NESTED: Record<string, string> = {
  "WebRTC in a document of a frame": `<iframe srcdoc="<script>${
    RTC().replaceAll('"', "'")
  }</script>"></iframe>`,
  "WebRTC in a frame of a script": `<iframe src="javascript:${
    RTC().replaceAll('"', "'")
  }"></iframe>`,
};

/**
 * A listener hears these ways in a sandboxed document without policies. The others are not heard, because
 * the sandbox stops them or, for "dns-prefetch", because a look-up of a name reaches no loopback port.
 */
const HEARD = [
  "connection",
  "udp",
  "POST /beacon HTTP/1.1",
  "POST /p HTTP/1.1",
  ...[
    "a",
    "alive",
    "background",
    "blob",
    "embed",
    "events",
    "fetch",
    "font",
    "form?a=",
    "iframe",
    "image",
    "img",
    "module.js",
    "modulepreload",
    "navigation",
    "object",
    "prefetch",
    "preload",
    "refresh",
    "script.js",
    "srcdoc",
    "style.css",
    "stylesheet",
    "svg",
    "video",
    "ws",
    "xhr",
  ].map((path) => `GET /${path} HTTP/1.1`),
];

function script(text: string): string {
  return `<script>${text}</script>`;
}

/** Asks a STUN server, which a datagram reaches before anybody has agreed to anything. */
function RTC(): string {
  return `const c = new RTCPeerConnection({ iceServers: [{ urls: "stun:127.0.0.1:UDP_PORT" }] });` +
    `c.createDataChannel("x"); c.createOffer().then((o) => c.setLocalDescription(o))`;
}

function withPorts(html: string, { tcpPort, udpPort }: Listener): string {
  return html.replaceAll("TCP_PORT", `${tcpPort}`).replaceAll("UDP_PORT", `${udpPort}`);
}

async function show(notebook: NotebookFixture, ways: Record<string, string>, to: Listener) {
  const outputs = Object.values(ways).map((html) => ({
    output_type: "display_data",
    metadata: {},
    data: {
      "text/html": `<style></style>${withPorts(html, to)}`,
    },
  }));
  await openWithOutputs(notebook, outputs);
}

testInBrowser("a frame of the notebook reaches no host in any way", async () => {
  await using listener = await listen();
  await using notebook = await openNotebook();
  const { page, output } = notebook;
  await show(notebook, WAYS, listener);
  const frames = output(0).locator("iframe");
  assert.equal(await frames.count(), Object.keys(WAYS).length);
  // Each way has been tried when its frame is loaded; a datagram or a connection follows at once.
  await page.waitForTimeout(3_000);
  assert.deepEqual(listener.heard, []);
  assert.equal(new URL(page.url()).origin, notebook.origin);
});

for (const [name, html] of Object.entries(NESTED)) {
  testInBrowser(`a frame of the notebook reaches no host by ${name}`, async () => {
    await using listener = await listen();
    await using notebook = await openNotebook();
    // Chromium ends the frame's process, which the driver reports as a crash of the page.
    await show(notebook, { [name]: html }, listener).catch((error) => {
      if (!/crashed/.test(String(error))) throw error;
    });
    await delay(3_000);
    assert.deepEqual(listener.heard, []);
  });
}

testInBrowser("a document without the frame's policies reaches a host in these ways", async () => {
  await using listener = await listen();
  const documents = Object.values({ ...WAYS, ...NESTED }).map((html) => withPorts(html, listener));
  await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
    const index = new URL(request.url).searchParams.get("way");
    const frames = documents.map((_, way) =>
      `<iframe sandbox="allow-scripts allow-forms" src="?way=${way}"></iframe>`
    );
    return new Response(index === null ? frames.join("") : documents[Number(index)], {
      headers: { "Content-Type": "text/html" },
    });
  });
  await using context = await (await sharedBrowser()).newContext();
  const page = await context.newPage();
  await page.goto(`http://127.0.0.1:${server.addr.port}`);
  const missing = () => HEARD.filter((line) => !listener.heard.includes(line));
  const deadline = Date.now() + DEADLINE_MS;
  while (missing().length > 0 && Date.now() < deadline) await page.waitForTimeout(50);
  assert.deepEqual(missing(), []);
});
