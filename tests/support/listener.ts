import { createSocket } from "node:dgram";
import { once } from "node:events";

/** A `Listener` is a TCP and a UDP port on the loopback that record every connection and datagram. */
export interface Listener extends AsyncDisposable {
  tcpPort: number;
  udpPort: number;
  /** "connection" and the first line of each connection, and "udp" for each datagram. */
  heard: string[];
}

/** Opens both ports. */
export async function listen(): Promise<Listener> {
  const heard: string[] = [];
  const tcp = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const reading = new Set<Promise<void>>();
  const readLine = async (connection: Deno.TcpConn) => {
    using it = connection;
    const buffer = new Uint8Array(2_000);
    const length = await it.read(buffer).catch(() => null);
    const [line] = new TextDecoder().decode(buffer.subarray(0, length ?? 0)).split("\r\n", 1);
    if (line) heard.push(line);
  };
  const accepting = (async () => {
    for await (const connection of tcp) {
      heard.push("connection");
      reading.add(readLine(connection));
    }
  })();
  const udp = createSocket("udp4");
  udp.on("message", () => heard.push("udp"));
  udp.bind(0, "127.0.0.1");
  await once(udp, "listening");
  return {
    tcpPort: tcp.addr.port,
    udpPort: udp.address().port,
    heard,
    async [Symbol.asyncDispose]() {
      tcp.close();
      udp.close();
      await accepting;
      await Promise.all(reading);
    },
  };
}
