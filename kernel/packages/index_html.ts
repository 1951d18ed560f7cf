import { setImmediate } from "node:timers/promises";
import { Parser } from "npm:htmlparser2@12.0.0";
import { fileNameOf } from "./server_address.ts";

/** The parts of an index's HTML page, with the names that JSON pages give them (PEP 691). */
export interface HtmlIndexPage {
  meta: { "api-version": string };
  files: Record<string, unknown>[];
}

const CHARACTERS_AT_A_TIME = 64 * 1024;

/** Reads the HTML page of a project (PEP 503, 592, 629, 658); `url` is the address of the page. */
export async function readIndexHtml(html: string, url: string): Promise<HtmlIndexPage> {
  const page: HtmlIndexPage = { meta: { "api-version": "1.0" }, files: [] };
  let base: string | undefined;
  const parser = new Parser({
    onopentag(tag, attributes) {
      const { href } = attributes;
      if (tag === "base" && href !== undefined) base ??= URL.parse(href, url)?.href;
      if (tag === "meta" && attributes["name"] === "pypi:repository-version") {
        page.meta["api-version"] = attributes["content"] ?? "";
      }
      const file = tag === "a" && href !== undefined ? URL.parse(href, base ?? url) : null;
      if (file) page.files.push(readLink(file, attributes));
    },
  });
  // This thread does other work in between.
  for (let at = 0; at < html.length; at += CHARACTERS_AT_A_TIME) {
    parser.write(html.slice(at, at + CHARACTERS_AT_A_TIME));
    await setImmediate();
  }
  parser.end();
  return page;
}

/** Describes the file of a link; its hash is the fragment, as in `#sha256=...`. */
function readLink(url: URL, attributes: Record<string, string>): Record<string, unknown> {
  const metadata = attributes["data-core-metadata"] ?? attributes["data-dist-info-metadata"];
  const yanked = attributes["data-yanked"];
  const python = attributes["data-requires-python"];
  const hashes = readHash(url.hash.slice(1));
  url.hash = "";
  return {
    filename: fileNameOf(url) ?? "",
    url: url.href,
    hashes,
    ...(metadata !== undefined && { "core-metadata": readMetadata(metadata) }),
    ...(yanked !== undefined && { yanked: yanked || true }),
    ...(python !== undefined && { "requires-python": python }),
  };
}

/** Returns the hash in `sha256=...`, and true for any other text, which says that there is a file. */
function readMetadata(text: string): boolean | Record<string, string> {
  const hashes = readHash(text);
  return Object.keys(hashes).length > 0 ? hashes : true;
}

function readHash(text: string): Record<string, string> {
  const found = /^([a-z0-9_]+)=([0-9a-f]+)$/i.exec(text);
  return found ? { [found[1]!.toLowerCase()]: found[2]! } : {};
}
