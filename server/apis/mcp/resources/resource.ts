import { getLogger } from "@logtape/logtape";
import {
  ProtocolError,
  ProtocolErrorCode,
  type ReadResourceResult,
  ResourceNotFoundError,
} from "@modelcontextprotocol/server";
import { KernelError } from "../../../../kernel/mod.ts";
import { messageOf, ServiceError } from "../../../errors/service_error.ts";

/** The most bytes of one resource's JSON: clients refuse messages of more than a mebibyte. */
const MAX_BYTES = 900_000;

/** The content of a resource. */
export type ResourceContent = { mimeType: string } & ({ text: string } | { blob: string });

/**
 * Answers the read of a resource.
 *
 * @throws {ProtocolError} that tells the client what is wrong; an unexpected error is logged instead.
 */
export async function answerRead(
  uri: URL,
  read: () => Promise<ResourceContent>,
): Promise<ReadResourceResult> {
  const content = await read().catch((error) => {
    throw protocolError(uri, error);
  });
  const size = new TextEncoder().encode(JSON.stringify(content)).length;
  if (size <= MAX_BYTES) return { contents: [{ uri: uri.href, ...content }] };
  throw new ProtocolError(
    ProtocolErrorCode.InvalidParams,
    `Cannot read ${uri.href}: it is larger than one message may be; the tools read_output and files ` +
      "read parts",
  );
}

/** Returns a variable of a URI that a template has matched, decoded. */
export function variable(variables: Record<string, string | string[]>, name: string): string {
  const value = variables[name];
  const text = Array.isArray(value) ? value.join("/") : value ?? "";
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // It is no encoding, so that it names nothing.
  }
}

function protocolError(uri: URL, error: unknown): ProtocolError {
  if (error instanceof KernelError || error instanceof ServiceError) {
    if (error.code === "not_found") return new ResourceNotFoundError(uri.href, error.message);
    return new ProtocolError(ProtocolErrorCode.InvalidParams, `${error.message} (${error.code})`);
  }
  getLogger(["server", "mcp"]).error("resource failed", { reason: messageOf(error), error });
  return new ProtocolError(
    ProtocolErrorCode.InternalError,
    "The server failed to answer; its log has the reason",
  );
}
