import { useEffect, useState } from "preact/hooks";
import type { Session } from "../session/session.ts";
import type { KeepState } from "../workspace/keeper.ts";
import { saveText } from "../live/save_state.ts";
import type { Page } from "./commands.ts";
import { ThemeButton } from "./theme_button.tsx";

const KEPT: Record<KeepState, string> = {
  kept: "Kept in this browser",
  changed: "Keeping…",
  failed: "This browser could not keep it: save it",
};

/** The title of the notebook, the state of its storage and the status of its kernel. */
export function Header({ page }: { page: Page }) {
  const { session } = page;
  const { notebook } = session;
  const { title } = notebook;
  return (
    <div class="header">
      <img class="logo" src="/ui/favicon.svg" alt="" width="28" height="28" />
      <input
        class="title"
        aria-label="Name of the notebook"
        data-testid="title"
        value={title.value}
        onInput={(event) => notebook.rename(event.currentTarget.value)}
      />
      <SaveStatus page={page} />
      <button
        type="button"
        class="kind"
        data-testid="kind"
        title="Change kernel…"
        onClick={() => page.show("kernel")}
      >
        {session.kind.value?.displayName ?? "Kernel"}
      </button>
      <Status session={session} />
      <ThemeButton />
    </div>
  );
}

/** Says where the notebook is kept, and whether everything is there. */
function SaveStatus({ page: { session, workspace, show } }: { page: Page }) {
  const saved = workspace.saveState.value;
  const path = session.notebook.serverCopy.value?.path;
  if (!saved || path === undefined) {
    const kept = workspace.keepState.value;
    return (
      <span class="muted kept" role="status" data-testid="kept" data-state={kept}>
        {KEPT[kept]}
      </span>
    );
  }
  const isProblem = saved.kind === "unsaved" || saved.kind === "conflict";
  return (
    <span
      class={isProblem ? "problem kept" : "muted kept"}
      role="status"
      data-testid="kept"
      data-state={saved.kind}
      title={path}
    >
      {saveText(saved, path)}
      {saved.kind === "conflict" && (
        <button
          type="button"
          data-testid="decide"
          onClick={() => show("conflict")}
        >
          Decide…
        </button>
      )}
    </span>
  );
}

const EXPLAINED: Record<string, string> = {
  none: "No kernel yet",
  starting: "Starting",
  idle: "Idle",
  busy: "Busy",
  restarting: "Restarting",
  dead: "Dead",
  gone: "Gone",
};

function Status({ session }: { session: Session }) {
  const status = session.connected.value ? session.status.value : "disconnected";
  const since = session.startingSince.value;
  return (
    <span class="status" role="status" data-testid="status" data-status={status}>
      <span class={`dot ${status}`} />
      {EXPLAINED[status] ?? "Disconnected"}
      {since !== null && <Elapsed since={since} />}
    </span>
  );
}

/** A running display of the seconds since a time. */
function Elapsed({ since }: { since: number }) {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 100);
    return () => clearInterval(timer);
  }, []);
  return <span>&nbsp;{(Math.max(0, now - since) / 1000).toFixed(1)} s</span>;
}
