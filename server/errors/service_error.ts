/** Says why a service refuses; programs tell refusals apart by it, and it never changes. */
export type ServiceErrorCode =
  | "already_exists"
  | "conflict"
  | "execution_finished"
  | "interrupt_failed"
  | "invalid_argument"
  | "no_space"
  | "not_found"
  | "permission_denied"
  | "precondition_required"
  | "shutting_down";

/** A service's refusal. Services know nothing of HTTP: `http_error.ts` gives each code its status. */
export class ServiceError extends Error {
  override readonly name = "ServiceError";
  readonly code: ServiceErrorCode;

  constructor(code: ServiceErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Returns the message of an error, or the text of anything else that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
