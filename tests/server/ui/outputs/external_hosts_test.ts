import assert from "node:assert/strict";
import { externalHosts } from "../../../../server/ui/outputs/external_hosts.ts";

Deno.test("externalHosts() names the hosts that scripts, styles and inner documents come from", () => {
  const html = `<script src="https://cdn.example/leaflet.js"></script>
    <link rel="stylesheet" href='//Styles.example/a.css'>
    <iframe srcdoc="&lt;script src=&quot;https://inner.example/x.js&quot;&gt;"></iframe>
    <a href="https://link.example">a link loads nothing</a> <script>let a = "https://text.example"</script>`;
  assert.deepEqual(externalHosts(html), ["cdn.example", "styles.example", "inner.example"]);
  assert.deepEqual(externalHosts("<table><tr><td>1</td></tr></table>"), []);
});
