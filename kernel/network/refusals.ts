import { parseAddress } from "./addresses.ts";

/** The host is not granted, or its name leads to an address that is not. */
export class HostRefusedError extends Error {
  override name = "HostRefusedError";
}

/** Returns the error for a host that was not granted. */
export function notGranted(host: string): HostRefusedError {
  return new HostRefusedError(
    `The kernel may not connect to ${host}: it was not granted this host`,
  );
}

/** Returns the error for a granted name that leads to a private address. */
export function ledAway(name: string, address: string): HostRefusedError {
  return new HostRefusedError(
    `The kernel may not connect to ${name}: the name leads to ${address}, an address of a private ` +
      `network, which was not granted`,
  );
}

/** Returns the refusal that an error is, also one of the engine; undefined when it is another error. */
export function toRefusal(error: unknown, host = "this address"): HostRefusedError | undefined {
  if (error instanceof HostRefusedError) return error;
  if (!(error instanceof Error)) return undefined;
  // A fetch that was refused when it connected has the reason as its cause.
  const { message } = error.name === "NotCapable" ? error : error.cause as Error ?? {};
  const named = /Requires net access to "([^"]*)"/.exec(message ?? "")?.[1];
  if (named === undefined) return undefined;
  const address = named.replace(/:\d+$/, "").replace(/^\[|\]$/g, "");
  const asked = host.replace(/^\[|\]$/g, "");
  return parseAddress(address) && !parseAddress(asked)
    ? ledAway(asked, address)
    : notGranted(named);
}
