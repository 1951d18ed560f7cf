import { getLogger } from "@logtape/logtape";

/**
 * Logs errors that nobody handles, until the result is disposed, instead of ending the process: a fault
 * in one request or one kernel must not end the work of all others.
 */
export function surviveFaults(): Disposable {
  const logger = getLogger("server");
  const onRejection = (event: PromiseRejectionEvent) => {
    event.preventDefault();
    logger.error("a rejection that nobody handles", { error: event.reason });
  };
  const onError = (event: ErrorEvent) => {
    event.preventDefault();
    logger.error("an error that nobody handles", { error: event.error });
  };
  globalThis.addEventListener("unhandledrejection", onRejection);
  globalThis.addEventListener("error", onError);
  return {
    [Symbol.dispose]() {
      globalThis.removeEventListener("unhandledrejection", onRejection);
      globalThis.removeEventListener("error", onError);
    },
  };
}
