/** The comparisons of conditions, by the names that the kernel knows, with what the reader sees. */
export const OPERATORS = {
  contains: "contains",
  equals: "=",
  differs: "≠",
  less: "<",
  at_most: "≤",
  more: ">",
  at_least: "≥",
  missing: "is missing",
  present: "is not missing",
} as const;

/** The name of a comparison. */
export type Operator = keyof typeof OPERATORS;

/** A condition that rows have to meet. */
export interface Condition {
  column: number;
  operator: Operator;
  value: string;
}

/** A column by which rows are sorted. */
export interface Order {
  column: number;
  descending: boolean;
}

/** The rows that are wanted, and their order. */
export interface Arrangement {
  conditions: readonly Condition[];
  orders: readonly Order[];
}

/** A request for rows. */
export interface RowsRequest extends Arrangement {
  type: "rows";
  offset: number;
  limit: number;
  columnOffset: number;
  columnLimit: number;
}

/** A request for the values of one or two columns. */
export interface PointsRequest extends Arrangement {
  type: "points";
  x: number;
  y: number | null;
}

/** Returns the comparisons that make sense for a kind of column. */
export function operatorsFor(kind: string): Operator[] {
  const all = Object.keys(OPERATORS) as Operator[];
  if (kind === "number" || kind === "time") return all.filter((it) => it !== "contains");
  if (kind === "boolean") return ["equals", "differs", "missing", "present"];
  if (kind === "text") return all;
  return ["contains", "equals", "differs", "missing", "present"];
}

/** Returns the orders after a click on a column's head: ascending, descending, and none again. */
export function toggleOrder(orders: readonly Order[], column: number, keep: boolean): Order[] {
  const present = orders.find((it) => it.column === column);
  const others = keep ? orders.filter((it) => it !== present) : [];
  if (!present) return [...others, { column, descending: false }];
  return present.descending ? others : [...others, { column, descending: true }];
}
