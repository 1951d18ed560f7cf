import assert from "node:assert/strict";
import { externalAddresses, hostsOf } from "../../../../server/ui/outputs/external_addresses.ts";

Deno.test("externalAddresses() finds the scripts, styles and inner documents of other hosts", () => {
  const html = `<script src="https://cdn.example/leaflet.js"></script>
    <link rel="stylesheet" href='//Styles.example/a.css'>
    <iframe srcdoc="&lt;script src=&quot;https://inner.example/x.js?a=1&amp;amp;b=2&quot;&gt;"></iframe>
    <a href="https://link.example">a link loads nothing</a> <script>let a = "https://text.example"</script>`;
  const addresses = externalAddresses(html);
  assert.deepEqual(addresses, [
    "https://cdn.example/leaflet.js",
    "//Styles.example/a.css",
    "https://inner.example/x.js?a=1&amp;b=2",
  ]);
  assert.deepEqual(hostsOf(addresses), ["cdn.example", "styles.example", "inner.example"]);
  assert.deepEqual(externalAddresses("<table><tr><td>1</td></tr></table>"), []);
});
