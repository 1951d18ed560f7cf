import type { StreamName } from "../streams.ts";

/** The functions of a runtime that its Python side calls. */
export interface RuntimeCalls {
  /** Reports an event. */
  emit(json: string, buffers?: Uint8Array[]): void;
  /** Output from here on belongs to that execution; without one, to the one that was begun last. */
  own(executionId: string | null | undefined): void;
  /** Returns true when an output of that size may be shown. */
  admit(size: number): boolean;
  setTimer(id: number, delayMs: number): void;
  clearTimer(id: number): void;
  /** Limits the stack of the call from JavaScript that is under way. */
  limitStack(): void;
  /** A signal is meant for the cell from now on. */
  beginCell(): void;
  /** Lets the kernel's own code use the memory that is kept for it, if there is no other. */
  openReserve(): void;
  /** The user's code runs from now on. */
  closeReserve(): void;
  /** Runs a command line or a cell in JavaScript; request and answer are JSON. */
  runShell(request: string, receive?: ReceiveOutput): Promise<string>;
}

/** Receives output as it comes, or a bundle that is displayed, as JSON. */
export type ReceiveOutput = (kind: StreamName | "display", text: string) => void;

/**
 * The same functions, each as an object of its own, which Python holds. They are made before the interpreter
 * starts, because one that wakes from an image has them in its memory, by their names here.
 */
export class RuntimeFunctions implements RuntimeCalls {
  /** The runtime that they belong to, from the moment on when there is one. */
  target: RuntimeCalls | undefined;
  readonly emit = (json: string, buffers?: Uint8Array[]) => this.target!.emit(json, buffers);
  readonly own = (executionId: string | null | undefined) => this.target!.own(executionId);
  readonly admit = (size: number) => this.target!.admit(size);
  readonly setTimer = (id: number, delayMs: number) => this.target!.setTimer(id, delayMs);
  readonly clearTimer = (id: number) => this.target!.clearTimer(id);
  readonly limitStack = () => this.target!.limitStack();
  readonly beginCell = () => this.target!.beginCell();
  readonly openReserve = () => this.target!.openReserve();
  readonly closeReserve = () => this.target!.closeReserve();
  readonly runShell = (request: string, receive?: ReceiveOutput) =>
    this.target!.runShell(request, receive);
}
