import assert from "node:assert/strict";
import { TestAuthority } from "../../support/certificates.ts";
import { createKernel } from "../../support/mod.ts";

/** Each step: what it shows, the code, and its result. */
const STEPS: readonly (readonly [string, string, string])[] = [
  [
    "urllib.request reads from a server whose authority is trusted, also by its address",
    `context = ssl.create_default_context(cafile="authority.pem")
[urllib.request.urlopen(f"https://{host}:{GOOD}/", context=context).read() for host in ("localhost", "127.0.0.1")]`,
    "[b'secret', b'secret']",
  ],
  [
    "much that comes and goes is whole",
    `data = bytes(range(256)) * 8000
request = urllib.request.Request(f"https://localhost:{GOOD}/", data=data)
urllib.request.urlopen(request, context=context).read() == data`,
    "True",
  ],
  [
    "certificates are verified: the authority, the name, the time",
    `def failure(port, name="localhost", context=context):
    try: context.wrap_socket(socket.create_connection(("localhost", port)), server_hostname=name)
    except ssl.SSLCertVerificationError as error: return error.reason, error.verify_message
[failure(GOOD, context=ssl.create_default_context()), failure(GOOD, "other.test"), failure(EXPIRED), failure(STRANGER)]`,
    "[('CERTIFICATE_VERIFY_FAILED', 'unable to get local issuer certificate'),\n" +
    " ('CERTIFICATE_VERIFY_FAILED',\n" +
    "  \"Hostname mismatch, certificate is not valid for 'other.test'.\"),\n" +
    " ('CERTIFICATE_VERIFY_FAILED', 'certificate has expired'),\n" +
    " ('CERTIFICATE_VERIFY_FAILED', 'unable to get local issuer certificate')]",
  ],
  [
    "verification can be given up, as a whole or for the name",
    `unverified = ssl._create_unverified_context()
nameless = ssl.create_default_context(cadata=AUTHORITY); nameless.check_hostname = False
[unverified.wrap_socket(socket.create_connection(("localhost", STRANGER))).getpeercert(),
 nameless.wrap_socket(socket.create_connection(("localhost", GOOD))).getpeercert()["subject"]]`,
    "[{}, ((('commonName', 'localhost'),),)]",
  ],
  [
    "a socket that is encrypted knows its session and its server's certificate",
    `context.set_alpn_protocols(["http/1.1"])
tls = context.wrap_socket(socket.create_connection(("localhost", GOOD)), server_hostname="localhost")
certificate = tls.getpeercert()
facts = (tls.version(), tls.cipher()[1:], tls.selected_alpn_protocol(), certificate["issuer"],
    certificate["subjectAltName"], ssl.DER_cert_to_PEM_cert(tls.getpeercert(True)) == ssl.get_server_certificate(
    ("localhost", GOOD)), tls.server_hostname, isinstance(tls, ssl.SSLSocket), tls.context is context)
tls.sendall(b"GET / HTTP/1.0\\r\\n\\r\\n")
text = tls.makefile("rb").read(); tls.close()
*facts, text.endswith(b"secret")`,
    "('TLSv1.3',\n ('TLSv1.3', 256),\n 'http/1.1',\n ((('commonName', 'Test Authority'),),),\n" +
    " (('DNS', 'localhost'), ('IP Address', '127.0.0.1')),\n True,\n 'localhost',\n True,\n True,\n True)",
  ],
  [
    "the settings that urllib3 makes are accepted",
    `theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
theirs.set_ciphers("DEFAULT"); theirs.options |= ssl.OP_NO_COMPRESSION; theirs.verify_flags |= ssl.VERIFY_X509_STRICT
theirs.post_handshake_auth = True; theirs.hostname_checks_common_name = False
theirs.load_verify_locations("authority.pem")
theirs.wrap_socket(socket.create_connection(("localhost", GOOD)), server_hostname="localhost").version()`,
    "'TLSv1.3'",
  ],
  [
    "the versions of TLS can be bounded",
    `context.maximum_version = ssl.TLSVersion.TLSv1_2
context.wrap_socket(socket.create_connection(("localhost", GOOD)), server_hostname="localhost").version()`,
    "'TLSv1.2'",
  ],
  [
    "SSL_CERT_FILE names the trusted authorities, and more of them can be added to those of the host",
    `import os
def read(context):
    return urllib.request.urlopen(f"https://localhost:{GOOD}/", context=context).read()
os.environ["SSL_CERT_FILE"] = "authority.pem"
answers = [read(ssl.create_default_context())]
del os.environ["SSL_CERT_FILE"]
more = ssl.create_default_context(); more.load_verify_locations("authority.pem")
[*answers, read(more)]`,
    "[b'secret', b'secret']",
  ],
  [
    "asyncio's streams are encrypted, from the start or from then on",
    `import asyncio
async def read(encrypts):
    reader, writer = await asyncio.open_connection("localhost", GOOD, ssl=None if encrypts else context)
    if encrypts: await writer.start_tls(context, server_hostname="localhost")
    writer.write(b"GET / HTTP/1.0\\r\\n\\r\\n")
    data = await reader.read()
    writer.close()
    return data[-6:], writer.get_extra_info("ssl_object").version(), writer.get_extra_info("peercert")["issuer"]
async def refuse():
    try: await asyncio.open_connection("localhost", STRANGER, ssl=context)
    except ssl.SSLCertVerificationError as error: return error.verify_message
await read(False) == await read(True), (await read(True))[:2], await refuse()`,
    "(True, (b'secret', 'TLSv1.2'), 'unable to get local issuer certificate')",
  ],
  [
    "ssl.MemoryBIO has encrypted bytes that the program itself carries",
    `def outcome_of(call):
    try: return call()
    except Exception as error: return type(error).__name__
def carried(context, name):
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls, plain = context.wrap_bio(incoming, outgoing, server_hostname=name), socket.create_connection(("localhost", GOOD))
    def call(function, *args):
        while True:
            try: result = function(*args)
            except ssl.SSLWantReadError:
                plain.sendall(outgoing.read())
                incoming.write(data) if (data := plain.recv(1000)) else incoming.write_eof()
            else:
                plain.sendall(outgoing.read())
                return result
    call(tls.do_handshake)
    body = b"x" * 100_000
    text = b"POST / HTTP/1.0\\r\\nContent-Length: 100000\\r\\n\\r\\n" + body
    while text: text = text[call(tls.write, text):]
    answer = b""
    while part := call(tls.read, 50_000): answer += part
    plain.close()
    return answer.endswith(body), tls.version(), tls.getpeercert()["issuer"]
carried(context, "localhost"), outcome_of(lambda: carried(context, "other.test"))`,
    "((True, 'TLSv1.2', ((('commonName', 'Test Authority'),),)),\n 'SSLCertVerificationError')",
  ],
  [
    "a handshake with a server that says nothing has the socket's time-out",
    `def outcome(call):
    try: return call()
    except Exception as error: return f"{type(error).__name__}: {error}"
quiet = socket.create_connection(("localhost", SILENT), timeout=0.1)
[outcome(lambda: context.wrap_socket(quiet, server_hostname="localhost")),
 outcome(lambda: context.wrap_socket(socket.socket())), outcome(lambda: ssl.create_default_context(cadata="x"))]`,
    "['TimeoutError: The handshake operation timed out',\n" +
    " 'ValueError: check_hostname requires server_hostname',\n" +
    " 'SSLError: [X509: NO_CERTIFICATE_OR_CRL_FOUND] no certificate or crl found: cadata']",
  ],
];

for (const mode of ["worker", "process"] as const) {
  Deno.test(`a ${mode} kernel's module ssl encrypts connections to granted hosts`, async (t) => {
    const authority = await TestAuthority.create();
    const stranger = await TestAuthority.create("Stranger");
    const names = ["DNS:localhost", "IP:127.0.0.1"];
    const serve = async (identity: Promise<{ cert: string; key: string }>) =>
      Deno.serve(
        { hostname: "127.0.0.1", port: 0, onListen() {}, ...await identity },
        (request) => new Response(request.body ?? "secret"),
      );
    const servers = {
      GOOD: await serve(authority.issue(names)),
      EXPIRED: await serve(authority.issue(names, -1)),
      STRANGER: await serve(stranger.issue(names)),
    };
    using silent = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const ports = { SILENT: silent.addr.port } as Record<string, number>;
    for (const [name, { addr }] of Object.entries(servers)) ports[name] = addr.port;
    const net = Object.values(ports).flatMap((it) => [`localhost:${it}`, `127.0.0.1:${it}`]);
    await using fixture = await createKernel({ mode, deno: { permissions: { net } } });
    const run = async (code: string) => {
      const { result, error } = await fixture.kernel.execute(code);
      assert.equal(error, null, error ? `${error.ename}: ${error.evalue}` : "");
      return String(result?.data["text/plain"]);
    };
    await run(`${Object.entries(ports).map(([name, port]) => `${name} = ${port}`).join("\n")}
import socket, ssl, urllib.request
AUTHORITY = ${JSON.stringify(authority.cert)}
print(AUTHORITY, file=open("authority.pem", "w"), flush=True)`);
    for (const [what, code, expected] of STEPS) {
      await t.step(what, async () => assert.equal(await run(code), expected));
    }
    await fixture.manager.terminateKernel(fixture.id);
    for (const server of Object.values(servers)) await server.shutdown();
  });
}
