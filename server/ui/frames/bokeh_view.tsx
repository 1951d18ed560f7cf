import { Frame } from "./frame.tsx";

/** The elements, by the roots of a document, that a script of Bokeh draws into. */
const ROOTS = /"roots":(\{(?:"[^"\\]*":"[^"\\]*",?)+\})/g;

/** The element that Bokeh's own output for pages without its MIME types has while BokehJS is loaded. */
const BANNER = 'class="bk-notebook-logo"';

/** True for the HTML that Bokeh shows while BokehJS is loaded, which does not change here. */
export function isBokehBanner(html: string): boolean {
  return html.includes(BANNER);
}

/** A figure of Bokeh in a document of its own: the script that draws it expects BokehJS and its elements. */
export function BokehView({ script }: { script: string }) {
  const source = `for (const id of ${JSON.stringify(elementsOf(script))}) {
    const root = Object.assign(document.createElement("div"), { id });
    root.style.display = "contents";
    element.append(root);
  }
  ${script}`;
  return <Frame kind="javascript" source={source} library="bokeh" />;
}

/** Returns the ids of the elements that a script of Bokeh draws into. */
export function elementsOf(script: string): string[] {
  return Array.from(script.matchAll(ROOTS)).flatMap(([, roots]) => {
    return Object.values(JSON.parse(roots!.replace(/,\}$/, "}")) as Record<string, string>);
  });
}
