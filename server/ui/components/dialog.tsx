import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

/** A modal dialog that is open as long as it is rendered. */
export function Dialog({ title, onClose, children }: {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  // At once: a key that is pressed right after the dialog was asked for belongs to the dialog.
  useLayoutEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} aria-labelledby="dialog-title" onClose={onClose}>
      <form method="dialog" class="dialog-head">
        <h2 id="dialog-title">{title}</h2>
        <button type="submit" aria-label="Close">✕</button>
      </form>
      {children}
    </dialog>
  );
}
