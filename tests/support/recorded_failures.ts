/**
 * Reads the list of the tests that are known to fail: one name a line, below a line with `#` and the reason.
 * Returns the reasons by the names.
 */
export async function readRecordedFailures(list: URL): Promise<Map<string, string>> {
  const text = await Deno.readTextFile(list);
  const found = new Map<string, string>();
  let reason = "";
  for (const line of text.split("\n")) {
    if (line.startsWith("#")) reason = line.slice(1).trim();
    else if (line.trim()) found.set(line.trim(), reason);
  }
  return found;
}
