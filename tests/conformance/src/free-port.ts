import { createServer } from "node:net";
import process from "node:process";

/**
 * The system gives ports from here on to outgoing connections: a server there may find its port
 * taken.
 */
const portEnd = 32_768;
const portFirst = 21_000;

let next = portFirst + ((process.pid * 37) % (portEnd - portFirst));

/** A port on which nobody listens, below those that the system gives to outgoing connections. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 1000; tries += 1) {
    // Another call may go on while this one looks: each looks at a port of its own.
    const candidate = next + 1 < portEnd ? next + 1 : portFirst;
    next = candidate;
    if (await canListen(candidate)) return candidate;
  }
  throw new Error(`no free port between ${portFirst} and ${portEnd}`);
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
