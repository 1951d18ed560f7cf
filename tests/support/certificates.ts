import { Buffer } from "node:buffer";

/** A certificate and its key, in PEM. */
export interface Identity {
  cert: string;
  key: string;
}

/** An authority whose signatures nobody trusts who does not know it. */
export class TestAuthority {
  readonly #keys: CryptoKeyPair;
  readonly #name: string;
  /** Its certificate, in PEM. */
  readonly cert: string;

  private constructor(name: string, keys: CryptoKeyPair, cert: string) {
    this.#name = name;
    this.#keys = keys;
    this.cert = cert;
  }

  static async create(name = "Test Authority"): Promise<TestAuthority> {
    const keys = await newKeys();
    const constraints = extension(
      BASIC_CONSTRAINTS,
      sequence(der(0x01, Uint8Array.of(0xff))),
      true,
    );
    return new TestAuthority(
      name,
      keys,
      await certificate({
        subject: name,
        issuer: name,
        keys,
        signer: keys,
        extensions: [constraints],
      }),
    );
  }

  /** Issues a certificate for hosts: `DNS:name` and `IP:a.b.c.d`. It is valid for days from now on. */
  async issue(names: string[], days = 30): Promise<Identity> {
    const keys = await newKeys();
    const alternatives = sequence(...names.map((text) => {
      const [kind, value = ""] = text.split(":");
      return kind === "IP"
        ? der(0x87, Uint8Array.from(value.split("."), Number))
        : der(0x82, encoder.encode(value));
    }));
    const cert = await certificate({
      subject: names[0]!.split(":")[1]!,
      issuer: this.#name,
      keys,
      signer: this.#keys,
      extensions: [extension(ALTERNATIVE_NAMES, alternatives)],
      days,
    });
    return { cert, key: pem("PRIVATE KEY", await exported("pkcs8", keys.privateKey)) };
  }
}

const encoder = new TextEncoder();
const CURVE = { name: "ECDSA", namedCurve: "P-256" };
const COMMON_NAME = [0x55, 0x04, 0x03];
const BASIC_CONSTRAINTS = [0x55, 0x1d, 0x13];
const ALTERNATIVE_NAMES = [0x55, 0x1d, 0x11];
const ECDSA_WITH_SHA256 = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02];
const DAY_MS = 86_400_000;

interface CertificateOptions {
  subject: string;
  issuer: string;
  keys: CryptoKeyPair;
  signer: CryptoKeyPair;
  extensions: Uint8Array[];
  days?: number;
}

async function certificate(options: CertificateOptions): Promise<string> {
  const { subject, issuer, keys, signer, extensions, days = 30 } = options;
  const algorithm = sequence(oid(ECDSA_WITH_SHA256));
  const serial = crypto.getRandomValues(new Uint8Array(8));
  serial[0]! &= 0x7f;
  const body = sequence(
    der(0xa0, integer(Uint8Array.of(2))),
    integer(serial),
    algorithm,
    nameOf(issuer),
    sequence(time(Date.now() - Math.max(1, 1 - days) * DAY_MS), time(Date.now() + days * DAY_MS)),
    nameOf(subject),
    await exported("spki", keys.publicKey),
    der(0xa3, sequence(...extensions)),
  );
  const signature = new Uint8Array(
    await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, signer.privateKey, body),
  );
  const signed = sequence(
    body,
    algorithm,
    bits(sequence(integer(signature.subarray(0, 32)), integer(signature.subarray(32)))),
  );
  return pem("CERTIFICATE", signed);
}

async function newKeys(): Promise<CryptoKeyPair> {
  return await crypto.subtle.generateKey(CURVE, true, ["sign", "verify"]);
}

async function exported(
  format: "spki" | "pkcs8",
  key: CryptoKey,
): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.exportKey(format, key));
}

function nameOf(commonName: string): Uint8Array<ArrayBuffer> {
  return sequence(der(0x31, sequence(oid(COMMON_NAME), der(0x0c, encoder.encode(commonName)))));
}

function extension(id: number[], value: Uint8Array, critical = false): Uint8Array<ArrayBuffer> {
  return sequence(
    oid(id),
    ...(critical ? [der(0x01, Uint8Array.of(0xff))] : []),
    der(0x04, value),
  );
}

function time(ms: number): Uint8Array<ArrayBuffer> {
  const text = new Date(ms).toISOString().replace(/[-:T]|\.\d+/g, "");
  return der(0x18, encoder.encode(text));
}

function oid(bytes: number[]): Uint8Array<ArrayBuffer> {
  return der(0x06, Uint8Array.from(bytes));
}

/** Encodes a positive number, given as its bytes. */
function integer(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const from = bytes.findIndex((byte) => byte !== 0);
  const digits = bytes.subarray(from < 0 ? bytes.length - 1 : from);
  return der(0x02, Uint8Array.from(digits[0]! & 0x80 ? [0, ...digits] : digits));
}

function bits(content: Uint8Array): Uint8Array<ArrayBuffer> {
  return der(0x03, Uint8Array.from([0, ...content]));
}

function sequence(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  return der(0x30, new Uint8Array(Buffer.concat(parts)));
}

/** Encodes a value with its tag and length. */
function der(tag: number, content: Uint8Array): Uint8Array<ArrayBuffer> {
  const { length } = content;
  const size = length < 0x80
    ? [length]
    : length < 0x100
    ? [0x81, length]
    : [0x82, length >> 8, length & 0xff];
  return Uint8Array.from([tag, ...size, ...content]);
}

function pem(label: string, bytes: Uint8Array): string {
  const lines = Buffer.from(bytes).toString("base64").match(/.{1,64}/g)!;
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}
