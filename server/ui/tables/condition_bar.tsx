import { useState } from "preact/hooks";
import { nameOf, type TableColumn } from "./answers.ts";
import { type Condition, type Operator, OPERATORS, operatorsFor } from "./requests.ts";

/** Options for {@linkcode ConditionBar}. */
export interface ConditionBarProps {
  columns: readonly TableColumn[];
  conditions: readonly Condition[];
  onChange: (conditions: readonly Condition[]) => void;
}

/** The conditions that filter a table, and the form that adds one. */
export function ConditionBar({ columns, conditions, onChange }: ConditionBarProps) {
  const [place, setPlace] = useState<number>();
  const [operator, setOperator] = useState<Operator>();
  const [value, setValue] = useState("");
  // The names of columns that are out of sight now.
  const [names, setNames] = useState<Record<number, string>>({});
  const column = columns.find((it) => it.place === place) ?? columns.find((it) => !it.isIndex) ??
    columns[0];
  if (!column) return null;
  const operators = operatorsFor(column.kind);
  const chosen = operator && operators.includes(operator) ? operator : operators[0]!;
  const needsValue = chosen !== "missing" && chosen !== "present";
  return (
    <form
      class="condition-bar"
      onSubmit={(event) => {
        event.preventDefault();
        if (needsValue && value === "") return;
        setNames({ ...names, [column.place]: nameOf(column) });
        const condition = {
          column: column.place,
          operator: chosen,
          value: needsValue ? value : "",
        };
        onChange([...conditions, condition]);
        setValue("");
      }}
    >
      <span class="muted">Filter</span>
      <select
        aria-label="Column"
        value={column.place}
        onChange={(event) => setPlace(Number(event.currentTarget.value))}
      >
        {columns.map((it) => <option key={it.place} value={it.place}>{nameOf(it)}</option>)}
      </select>
      <select
        aria-label="Comparison"
        value={chosen}
        onChange={(event) => setOperator(event.currentTarget.value as Operator)}
      >
        {operators.map((it) => <option key={it} value={it}>{OPERATORS[it]}</option>)}
      </select>
      {needsValue && (
        <input
          aria-label="Value"
          placeholder={column.kind === "time" ? "2026-01-31" : "value"}
          value={value}
          onInput={(event) => setValue(event.currentTarget.value)}
        />
      )}
      <button type="submit">Add</button>
      {conditions.map((it, index) => (
        <button
          key={index}
          type="button"
          class="condition"
          title="Remove this condition"
          onClick={() => onChange(conditions.filter((other) => other !== it))}
        >
          {`${names[it.column] ?? ""} ${OPERATORS[it.operator]} ${it.value}`} ✕
        </button>
      ))}
    </form>
  );
}
