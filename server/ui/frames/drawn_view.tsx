import { Frame } from "./frame.tsx";
import type { LibraryName } from "./libraries.ts";

/** A library that draws a specification. */
export type DrawingLibrary = Extract<LibraryName, "plotly" | "vega">;

/** The script of each library that draws `spec` into `element`. */
const SCRIPTS: Readonly<Record<DrawingLibrary, string>> = {
  plotly: `const { data = [], layout = {}, config = {}, frames } = spec;
    await Plotly.newPlot(element, { data, layout, frames, config: { responsive: true, ...config } });`,
  vega: `await vegaEmbed(element, spec, { actions: false, renderer: "svg" });`,
};

/** An output that a library draws, in a document of its own. */
export function DrawnView({ library, value }: { library: DrawingLibrary; value: unknown }) {
  const source = `(async () => {
    const spec = ${JSON.stringify(value)};
    ${SCRIPTS[library]}
  })().catch((error) => { element.textContent = String(error); });`;
  return <Frame kind="javascript" source={source} library={library} />;
}
