import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { Session } from "../session/session.ts";
import type { TableCell, TableColumn, TableRows } from "./answers.ts";
import { ConditionBar } from "./condition_bar.tsx";
import { Pager } from "./pager.tsx";
import { type Condition, type Order, toggleOrder } from "./requests.ts";
import { TableChart } from "./table_chart.tsx";
import { useVisible } from "./use_visible.ts";
import { useRows } from "./use_rows.ts";

/** The numbers of rows and of columns that are shown at a time. */
const ROWS = 20;
const COLUMNS = 30;

/** Options for {@linkcode TableView}. */
export interface TableViewProps {
  session: Session;
  /** The id of the table in the kernel. */
  table: string;
  /** The view while the kernel does not answer, or no longer has the data frame. */
  children: ComponentChildren;
}

/** A data frame of the kernel, which the reader sorts, filters, pages through and draws. */
export function TableView({ session, table, children }: TableViewProps) {
  const [conditions, setConditions] = useState<readonly Condition[]>([]);
  const [orders, setOrders] = useState<readonly Order[]>([]);
  const [offset, setOffset] = useState(0);
  const [columnOffset, setColumnOffset] = useState(0);
  const [hasConditions, setHasConditions] = useState(false);
  const [hasChart, setHasChart] = useState(false);
  const request = {
    type: "rows" as const,
    ...{ conditions, orders, offset, columnOffset },
    limit: ROWS,
    columnLimit: COLUMNS,
  };
  const { element, isVisible } = useVisible<HTMLDivElement>();
  const known = useRows({ session, table, request, isVisible });
  const { rows, isLoading, isGone, problem } = known;
  if (isGone || !rows) {
    return (
      <div ref={element} data-testid="static-table">
        {children}
        {isGone && (
          <p class="output-note">
            This table is no longer live: its data frame is not in the kernel. Run the cell again to
            sort and filter it.
          </p>
        )}
        {!isGone && problem !== "" && (
          <p class="output-note">{`This table is not live: ${problem}`}</p>
        )}
      </div>
    );
  }
  const { total, count, width } = rows;
  const isWaiting = isLoading && session.status.value === "busy";
  return (
    <div ref={element} class="data-table" data-testid="data-table" aria-busy={isLoading}>
      <div class="data-table-bar">
        <span role="status">
          {count === total
            ? `${count.toLocaleString("en")} ${count === 1 ? "row" : "rows"}`
            : `${count.toLocaleString("en")} of ${total.toLocaleString("en")} rows`}
          {isWaiting && " · the kernel is busy: the rows come when it has answered"}
        </span>
        <span class="data-table-pagers">
          {width > COLUMNS && (
            <Pager
              name="columns"
              offset={columnOffset}
              limit={COLUMNS}
              count={width}
              onChange={setColumnOffset}
            />
          )}
          <Pager name="rows" offset={rows.offset} limit={ROWS} count={count} onChange={setOffset} />
        </span>
        <span class="data-table-tools">
          <Tool label="Filter" isOn={hasConditions} onChange={setHasConditions} />
          <Tool label="Chart" isOn={hasChart} onChange={setHasChart} />
        </span>
      </div>
      {hasConditions && (
        <ConditionBar
          columns={rows.columns}
          conditions={conditions}
          onChange={(conditions) => {
            setConditions(conditions);
            setOffset(0);
          }}
        />
      )}
      {problem !== "" && <p class="problem" role="alert">{problem}</p>}
      {hasChart && (
        <TableChart
          session={session}
          table={table}
          columns={rows.columns}
          arrangement={{ conditions, orders }}
        />
      )}
      <Grid
        rows={rows}
        orders={orders}
        onSort={(column, keep) => {
          setOrders(toggleOrder(orders, column, keep));
          setOffset(0);
        }}
      />
    </div>
  );
}

function Tool({ label, isOn, onChange }: {
  label: string;
  isOn: boolean;
  onChange: (isOn: boolean) => void;
}) {
  return <button type="button" aria-pressed={isOn} onClick={() => onChange(!isOn)}>{label}</button>;
}

function Grid({ rows, orders, onSort }: {
  rows: TableRows;
  orders: readonly Order[];
  onSort: (column: number, keep: boolean) => void;
}) {
  return (
    <div class="data-table-grid" tabIndex={0} role="region" aria-label="Rows of the table">
      <table>
        <thead>
          <tr>
            {rows.columns.map((column) => (
              <Head key={column.place} column={column} orders={orders} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.rows.map((cells, row) => (
            <tr key={rows.offset + row}>
              {cells.map((cell, at) => {
                const column = rows.columns[at]!;
                return <Value key={column.place} cell={cell} column={column} />;
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Head({ column, orders, onSort }: {
  column: TableColumn;
  orders: readonly Order[];
  onSort: (column: number, keep: boolean) => void;
}) {
  const order = orders.find((it) => it.column === column.place);
  const direction = order ? order.descending ? "descending" : "ascending" : "none";
  return (
    <th scope="col" aria-sort={direction} class={column.kind}>
      <button
        type="button"
        title={`${column.type}. Click to sort; with Shift, after the columns that sort already`}
        onClick={({ shiftKey }) => onSort(column.place, shiftKey)}
      >
        <span class="column-name">{column.name}</span>
        <span class="column-type">{column.isIndex ? "index" : column.type}</span>
        <span class="column-order" aria-hidden="true">
          {{ none: "", ascending: "▲", descending: "▼" }[direction]}
        </span>
      </button>
    </th>
  );
}

function Value({ cell, column }: { cell: TableCell; column: TableColumn }) {
  const isMissing = typeof cell !== "string";
  const text = isMissing ? cell.missing : cell;
  const name = `${column.kind}${isMissing ? " missing" : ""}`;
  const content = <span class="cell-text" title={text.length > 30 ? text : undefined}>{text}</span>;
  return column.isIndex
    ? <th scope="row" class={name}>{content}</th>
    : <td class={name}>{content}</td>;
}
