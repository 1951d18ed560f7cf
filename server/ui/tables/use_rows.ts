import { useEffect, useRef, useState } from "preact/hooks";
import type { Session } from "../session/session.ts";
import type { TableRows } from "./answers.ts";
import type { RowsRequest } from "./requests.ts";
import { GoneError, tablesOf } from "./table_client.ts";

/** The rows of a table as far as they are known. */
export interface KnownRows {
  /** The last rows that came, perhaps those of an earlier request. */
  rows: TableRows | undefined;
  /** True while the rows of the present request have not come. */
  isLoading: boolean;
  /** True if the kernel does not have the data frame. */
  isGone: boolean;
  /** The reason why the kernel refused the request; empty if it did not. */
  problem: string;
}

/** Options for {@linkcode useRows}. */
export interface UseRowsOptions {
  session: Session;
  table: string;
  request: RowsRequest;
  /** False while nobody sees the table: its rows are fetched later. */
  isVisible: boolean;
}

/** Fetches the rows of a request, and again when cells have run: these may have changed the data frame. */
export function useRows({ session, table, request, isVisible }: UseRowsOptions): KnownRows {
  const [known, setKnown] = useState<KnownRows>({
    rows: undefined,
    isLoading: true,
    isGone: false,
    problem: "",
  });
  const latest = useRef<string>(undefined);
  const kernelId = session.kernelId.value;
  const generation = session.comms.generation.value;
  const activity = session.activity.value;
  const isThere = !["none", "gone", "dead"].includes(session.status.value);
  const key = JSON.stringify([table, request, kernelId, generation, activity, isThere]);
  useEffect(() => {
    if (!isVisible || latest.current === key) return;
    latest.current = key;
    if (kernelId === null || !isThere) {
      setKnown((known) => ({ ...known, isLoading: false, isGone: true }));
      return;
    }
    setKnown((known) => ({ ...known, isLoading: true }));
    tablesOf(session.comms).rows(table, request).then(
      (rows) => ({ rows, isLoading: false, isGone: false, problem: "" }),
      (error) => ({
        isLoading: false,
        isGone: error instanceof GoneError,
        problem: error instanceof GoneError ? "" : (error as Error).message,
      }),
    ).then((news) => {
      if (latest.current === key) setKnown((known) => ({ ...known, ...news }));
    });
  }, [session, key, isVisible]);
  useEffect(() => () => void (latest.current = undefined), []);
  return known;
}
