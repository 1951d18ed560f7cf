import { Buffer } from "node:buffer";
import type { PeerCertificate } from "node:tls";
import { messageOf } from "../errors.ts";
import type { TlsSession } from "../network/tls_stream.ts";

/** A certificate, as Python's side reads it. */
interface CertificateText {
  subject: Record<string, string | string[]>;
  issuer: Record<string, string | string[]>;
  /** For example `DNS:example.com, IP Address:192.0.2.1`. */
  names: string;
  validFrom: string;
  validTo: string;
  serialNumber: string;
}

/** The most certificates of a chain; a server might send a circle. */
const MAX_CHAIN = 10;

/** Returns the outcome of a handshake as JSON. */
export function describeSession({ version, cipher, protocol, certificate }: TlsSession): string {
  const chain = chainOf(certificate);
  return stringify({
    ...{ version, cipher, protocol },
    certificate: chain[0] ? textOf(chain[0]) : null,
    chain: chain.map(({ raw }) => Buffer.from(raw).toString("base64")),
  });
}

/** Returns the reason why a handshake has failed, as JSON: a message, and the engine's code for it. */
export function describeTlsError(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return stringify({
    failure: messageOf(error),
    code: typeof code === "string" ? code : null,
  });
}

/** Taken before user code could replace it. */
const { stringify } = JSON;

function chainOf(first: PeerCertificate): PeerCertificate[] {
  const chain: PeerCertificate[] = [];
  let next: PeerCertificate | undefined = first;
  while (next?.raw && chain.length < MAX_CHAIN && !chain.includes(next)) {
    chain.push(next);
    next = (next as { issuerCertificate?: PeerCertificate }).issuerCertificate;
  }
  return chain;
}

function textOf(certificate: PeerCertificate): CertificateText {
  const { subject, issuer, subjectaltname = "", valid_from, valid_to, serialNumber } = certificate;
  return {
    ...{ subject: { ...subject }, issuer: { ...issuer } } as Pick<
      CertificateText,
      "subject" | "issuer"
    >,
    ...{ names: subjectaltname, validFrom: valid_from, validTo: valid_to, serialNumber },
  };
}
