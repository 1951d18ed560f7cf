import { useEffect, useState } from "preact/hooks";
import type { Session } from "../notebook/session.ts";
import type { KeepState } from "../notebook/keeper.ts";
import type { Page } from "./commands.ts";
import { ThemeButton } from "./theme_button.tsx";

const KEPT: Record<KeepState, string> = {
  kept: "Kept in this browser",
  changed: "Keeping…",
  failed: "This browser could not keep it: save it",
};

/** The title of the notebook, the state of its storage and the status of its kernel. */
export function Header({ page: { session, workspace } }: { page: Page }) {
  const { notebook } = session;
  const { title, serverCopy } = notebook;
  const copy = serverCopy.value;
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
      <span
        class="muted kept"
        role="status"
        data-testid="kept"
        data-state={workspace.keepState.value}
      >
        {KEPT[workspace.keepState.value]}
        {copy && ` · ${copy.path} on the server`}
      </span>
      <Status session={session} />
      <ThemeButton />
    </div>
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
