import { useState } from "preact/hooks";
import { callJson } from "../api/client.ts";
import type { Page } from "./commands.ts";
import { Dialog } from "./dialog.tsx";

/** The dialog that makes a link to the notebook's app view. */
export function AppLinkDialog({ page: { session }, onClose }: { page: Page; onClose: () => void }) {
  const path = session.notebook.serverCopy.value?.path;
  const [viewers, setViewers] = useState("10");
  const [link, setLink] = useState("");
  const [problem, setProblem] = useState("");
  async function make(): Promise<void> {
    setProblem("");
    try {
      const body = { path, viewers: Number(viewers) };
      const made = await callJson<{ link: string }>("/api/apps", { method: "POST", body });
      setLink(new URL(made.link, location.href).href);
    } catch (error) {
      setProblem((error as Error).message);
    }
  }
  return (
    <Dialog title="Share as an app" onClose={onClose}>
      {path === undefined
        ? <p>The server has to keep the notebook first: start it with NOTEBOOK_DIR, and save.</p>
        : (
          <form
            class="app-link"
            onSubmit={(event) => {
              event.preventDefault();
              void make();
            }}
          >
            <p>
              Whoever has the link sees the text and the outputs of{" "}
              {path}, without its code. Its cells run in a kernel of the viewer's own, which ends
              when the viewer leaves.
            </p>
            <label>
              Viewers at a time{" "}
              <input
                type="number"
                min="1"
                max="1000"
                required
                value={viewers}
                onInput={({ currentTarget }) => setViewers(currentTarget.value)}
              />
            </label>{" "}
            <button type="submit">Make a link</button>
            {link !== "" && (
              <p>
                <label>
                  The link, which is shown only now{" "}
                  <input readOnly value={link} data-testid="app-link" />
                </label>
              </p>
            )}
            <p class="problem" role="alert">{problem}</p>
          </form>
        )}
    </Dialog>
  );
}
