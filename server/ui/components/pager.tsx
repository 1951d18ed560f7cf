import { useEffect, useRef } from "preact/hooks";
import type { Session } from "../session/session.ts";
import { Ansi } from "../outputs/ansi.tsx";

/** The text that a cell has asked to show beside the notebook, such as the help of `len?`. */
export function TextPager({ session }: { session: Session }) {
  const text = session.pager.value;
  const close = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (text === null) return;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || document.querySelector("dialog[open]")) return;
      session.pager.value = null;
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [text, session]);
  if (text === null) return null;
  return (
    <aside class="text-pager" aria-label="Help" data-testid="pager">
      <div class="text-pager-head">
        <h2>Help</h2>
        <button
          ref={close}
          type="button"
          aria-label="Close the help"
          onClick={() => {
            session.pager.value = null;
            session.notebook.requestFocus();
          }}
        >
          ✕
        </button>
      </div>
      <div class="text-pager-text" tabIndex={0} role="region" aria-label="Text of the help">
        <Ansi text={text} />
      </div>
    </aside>
  );
}
