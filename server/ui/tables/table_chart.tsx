import { useEffect, useState } from "preact/hooks";
import type { Session } from "../session/session.ts";
import { DrawnView } from "../frames/drawn_view.tsx";
import { nameOf, type TableColumn, type TablePoints } from "./answers.ts";
import { type ChartKind, chartOf } from "./chart.ts";
import { tablesOf } from "./table_client.ts";
import type { Arrangement } from "./requests.ts";

/** Options for {@linkcode TableChart}. */
export interface TableChartProps {
  session: Session;
  table: string;
  columns: readonly TableColumn[];
  /** The rows that are drawn. */
  arrangement: Arrangement;
}

/** A chart of one or two columns of a table: of the rows that its conditions leave. */
export function TableChart({ session, table, columns, arrangement }: TableChartProps) {
  const [x, setX] = useState<number>();
  const [y, setY] = useState<number | null>(null);
  const [kind, setKind] = useState<ChartKind>("points");
  const [points, setPoints] = useState<TablePoints>();
  const [problem, setProblem] = useState("");
  const across = columns.find((it) => it.place === x) ?? columns.find((it) => !it.isIndex) ??
    columns[0];
  const up = y === null ? undefined : columns.find((it) => it.place === y);
  const request = across &&
    { type: "points" as const, ...arrangement, x: across.place, y: up?.place ?? null };
  const key = JSON.stringify(request);
  useEffect(() => {
    if (!request) return;
    let isCurrent = true;
    tablesOf(session.comms).points(table, request).then((points) => {
      if (!isCurrent) return;
      setPoints(points);
      setProblem("");
    }, (error) => {
      if (isCurrent) setProblem((error as Error).message);
    });
    return () => void (isCurrent = false);
  }, [session, table, key, session.activity.value]);
  if (!across) return null;
  // The points of another choice of columns say nothing of this one.
  const fits = points !== undefined &&
    (points.points[0]?.length ?? (up ? 2 : 1)) === (up ? 2 : 1);
  return (
    <div class="table-chart" data-testid="chart">
      <div class="condition-bar">
        <label>
          Across <Columns columns={columns} value={across.place} onChange={setX} />
        </label>
        <label>
          Up{" "}
          <select
            value={up?.place ?? ""}
            onChange={({ currentTarget: { value } }) => setY(value === "" ? null : Number(value))}
          >
            <option value="">number of rows</option>
            {columns.map((it) => <option key={it.place} value={it.place}>{nameOf(it)}</option>)}
          </select>
        </label>
        {up && (
          <label>
            As{" "}
            <select
              value={kind}
              onChange={(event) => setKind(event.currentTarget.value as ChartKind)}
            >
              <option value="points">points</option>
              <option value="line">a line</option>
              <option value="bars">bars of the mean</option>
            </select>
          </label>
        )}
        {points && points.count > points.points.length && (
          <span class="muted">
            {`From ${points.points.length.toLocaleString("en")} of ${
              points.count.toLocaleString("en")
            } rows, spread evenly`}
          </span>
        )}
      </div>
      {problem !== "" && <p class="problem" role="alert">{problem}</p>}
      {fits && (
        <DrawnView
          library="vega"
          value={chartOf(points.points, { x: across, y: up, kind })}
        />
      )}
    </div>
  );
}

function Columns({ columns, value, onChange }: {
  columns: readonly TableColumn[];
  value: number;
  onChange: (place: number) => void;
}) {
  return (
    <select
      value={value}
      onChange={(event) => onChange(Number(event.currentTarget.value))}
    >
      {columns.map((it) => <option key={it.place} value={it.place}>{nameOf(it)}</option>)}
    </select>
  );
}
