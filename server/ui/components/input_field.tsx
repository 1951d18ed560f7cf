import { useLayoutEffect, useRef } from "preact/hooks";
import type { InputRequest } from "../notebook/cell.ts";

/** Options for {@linkcode InputField}. */
export interface InputFieldProps {
  request: InputRequest;
  /** Called with the answer, or with null for the end of the input. */
  onAnswer: (value: string | null) => void;
}

/** The field in which the reader answers `input()`. */
export function InputField({ request, onAnswer }: InputFieldProps) {
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    if (!isWriting(document.activeElement)) field.current?.focus();
  }, [request.requestId]);
  return (
    <form
      class="input-request"
      onSubmit={(event) => {
        event.preventDefault();
        onAnswer(field.current!.value);
      }}
    >
      <label>
        <span>{request.prompt || "Input"}</span>
        <input
          ref={field}
          key={request.requestId}
          {...(request.password ? { type: "password" } as const : {})}
          autocomplete="off"
          data-testid="input-field"
        />
      </label>
      <button type="submit">Answer</button>
      <button type="button" onClick={() => onAnswer(null)} title="input() raises EOFError">
        End
      </button>
    </form>
  );
}

/** True if the reader has begun to write elsewhere, which a question does not interrupt. */
function isWriting(active: Element | null): boolean {
  if (active instanceof HTMLInputElement) return active.value !== "";
  return active instanceof HTMLElement && active.isContentEditable &&
    active.innerText.trim() !== "";
}
