import { signal } from "@preact/signals";
import { z } from "zod";
import { apiUrl, call, callJson } from "../api/client.ts";
import { createCell } from "../notebook/cell.ts";
import { Notebook } from "../notebook/notebook.ts";
import { Session } from "../session/session.ts";
import { widgetsOf } from "../widgets/session_widgets.ts";

/** A view of a notebook as the server describes it. */
interface ViewModel {
  id: string;
  title: string;
  kernelId: string;
  cells: {
    id: string;
    type: "code" | "markdown";
    source: string;
    attachments?: Record<string, unknown>;
  }[];
}

const step = z.discriminatedUnion("type", [
  z.object({ type: z.literal("run"), cellId: z.string(), executionId: z.string() }),
  z.object({ type: z.literal("end"), problem: z.string().nullable() }),
]);

/** A view of a notebook, whose cells run in a kernel of its own while the page is open. */
export interface OpenView {
  session: Session;
  /** Ends the view with its kernel. */
  leave(): void;
}

/** Options for {@linkcode openView}. */
export interface OpenViewOptions {
  /** Called when all cells have been run, with the reason if they could not. */
  onEnd: (problem: string | null) => void;
  /** Called when the server has ended the view. */
  onGone: () => void;
}

/**
 * Opens the view that the page's address is the link to.
 *
 * @throws {ApiError} if the link is not valid, or there are too many viewers.
 */
export async function openView({ onEnd, onGone }: OpenViewOptions): Promise<OpenView> {
  const { id, title, kernelId, cells } = await callJson<ViewModel>("/views", { method: "POST" });
  const notebook = new Notebook(id, title, {
    metadata: {},
    cells: cells.map(({ type, ...init }) => createCell(type, init)),
  });
  const session = new Session(notebook, kernelId, signal([]));
  // The states of widgets are known from the first one on.
  widgetsOf(session);
  await session.resume();
  // The cells run from the first connection on: nothing of their widgets may be missed.
  if (session.status.peek() !== "gone") await session.opened;
  const place = `/views/${encodeURIComponent(id)}`;
  const source = new EventSource(apiUrl(`${place}/events`));
  source.onmessage = ({ data }) => {
    const parsed = step.safeParse(JSON.parse(data)).data;
    if (parsed?.type === "end") onEnd(parsed.problem);
    const cell = parsed?.type === "run" ? notebook.find(parsed.cellId) : undefined;
    if (parsed?.type === "run" && cell) session.follow(cell, parsed.executionId);
  };
  source.onerror = () => {
    if (source.readyState === EventSource.CLOSED) onGone();
  };
  return {
    session,
    leave() {
      source.close();
      session.close();
      call(place, { method: "DELETE", keepalive: true }).catch(() => {
        // The server ends the view by itself some time after its page has gone.
      });
    },
  };
}
