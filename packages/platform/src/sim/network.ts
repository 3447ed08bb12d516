import { NetworkError } from "../errors.ts";
import type { Connection, ConnectOptions, Listener, ListenOptions, Network } from "../network.ts";
import type { SimWires } from "./wires.ts";

/** Names by which a machine calls itself. */
const ownNames: ReadonlySet<string> = new Set([
  "",
  "localhost",
  "127.0.0.1",
  "0.0.0.0",
  "::",
  "::1",
]);

/** One machine's view of the wires. Nobody listens to them: TLS is not simulated. */
export class SimNetwork implements Network {
  readonly #wires: SimWires;
  readonly #host: string;

  constructor(wires: SimWires, host: string) {
    this.#wires = wires;
    this.#host = host;
  }

  listen(
    options: ListenOptions,
    onConnection: (connection: Connection) => void,
  ): Promise<Listener> {
    const wires = this.#wires;
    const host = this.#host;
    try {
      const port = wires.listen(host, options.port, onConnection);
      return Promise.resolve({
        host: options.host ?? host,
        port,
        updateTls: () => undefined,
        close: () => {
          wires.unlisten(host, port);
          return Promise.resolve();
        },
      });
    } catch (error) {
      return Promise.reject(error instanceof Error ? error : new Error(String(error)));
    }
  }

  checkTls(): undefined {
    return undefined;
  }

  connect(options: ConnectOptions): Promise<Connection> {
    const wires = this.#wires;
    const from = this.#host;
    const to = ownNames.has(options.host) ? from : options.host;
    return new Promise((resolve, reject) => {
      const fail = (systemCode: string): void => {
        reject(new NetworkError(`connecting to ${to}:${options.port} failed`, { systemCode }));
      };
      const { signal } = options;
      const cancel = (): void => fail("ECANCELED");
      if (signal?.aborted === true) {
        cancel();
        return;
      }
      signal?.addEventListener("abort", cancel, { once: true });
      if (!wires.reaches(from, to) || !wires.reaches(to, from)) {
        const { heap } = wires.options;
        heap.schedule(heap.nowMs() + options.timeoutMs, () => fail("ETIMEDOUT"));
        return;
      }
      wires.options.heap.schedule(wires.arrivalMs(), () => {
        if (signal?.aborted === true) return;
        signal?.removeEventListener("abort", cancel);
        const acceptor = wires.acceptorOf(to, options.port);
        if (acceptor === undefined) {
          fail("ECONNREFUSED");
          return;
        }
        const port = wires.takePort();
        const [near, far] = wires.join({ host: from, port }, { host: to, port: options.port });
        acceptor(far);
        resolve(near);
      });
    });
  }
}
