import type { TableColumn, TablePoints } from "./answers.ts";

/** The form of a chart of two columns. */
export type ChartKind = "points" | "line" | "bars";

/** The most bars that texts get. */
const MAX_BARS = 40;

/** Colours that are seen on light and on dark pages. */
const INK = "#7d8798";
const GRID = "#7d879840";

/** The part of a column that a chart shows. */
export type ChartColumn = Pick<TableColumn, "name" | "kind">;

/** Options for {@linkcode chartOf}. */
export interface ChartOptions {
  x: ChartColumn;
  /** The column of the values; without one, rows are counted. */
  y?: ChartColumn | undefined;
  kind: ChartKind;
}

/** Returns the Vega-Lite specification of a chart. */
export function chartOf(points: TablePoints["points"], { x, y, kind }: ChartOptions): object {
  const values = points.map(([x, y]) => ({ x, ...(y !== undefined && { y }) }));
  const frame = {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    data: { values },
    width: "container",
    height: 260,
    background: "transparent",
    config: {
      axis: { labelColor: INK, titleColor: INK, domainColor: INK, tickColor: INK, gridColor: GRID },
      view: { stroke: GRID },
    },
  };
  const across = { field: "x", type: typeOf(x), title: x.name };
  if (!y) {
    const isMeasured = x.kind === "number" || x.kind === "time";
    return {
      ...frame,
      ...(!isMeasured && { transform: mostFrequent() }),
      mark: { type: "bar", tooltip: true },
      encoding: {
        x: isMeasured ? { ...across, bin: { maxbins: 40 } } : { ...across, sort: "-y" },
        y: isMeasured
          ? { aggregate: "count", title: "rows" }
          : { field: "count", type: "quantitative", title: "rows" },
      },
    };
  }
  const up = { field: "y", type: typeOf(y), title: y.name };
  const mark = { points: "point", line: "line", bars: "bar" }[kind];
  return {
    ...frame,
    mark: { type: mark, tooltip: true },
    encoding: {
      x: across,
      y: kind === "bars" && y.kind === "number"
        ? { ...up, aggregate: "mean", title: `mean of ${y.name}` }
        : up,
    },
  };
}

/** Counts the texts, and keeps the most frequent ones. */
function mostFrequent() {
  return [
    { aggregate: [{ op: "count", as: "count" }], groupby: ["x"] },
    {
      window: [{ op: "row_number", as: "place" }],
      sort: [{ field: "count", order: "descending" }],
    },
    { filter: `datum.place <= ${MAX_BARS}` },
  ];
}

function typeOf({ kind }: ChartColumn): string {
  return {
    number: "quantitative",
    time: "temporal",
    boolean: "nominal",
    text: "nominal",
    other: "nominal",
  }[
    kind
  ];
}
