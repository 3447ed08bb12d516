import { NetworkError } from "../errors.ts";
import type { Connection } from "../network.ts";
import { type SimAddress, SimConnection, type SimWireOptions, type SimWire } from "./connection.ts";

const ephemeralPortStart = 40_000;

/** How long bytes travel. */
export interface LinkDelay {
  readonly minMs: number;
  readonly spreadMs: number;
}

type Acceptor = (connection: Connection) => void;

/**
 * The wires between the machines of a simulation: they delay, cut bytes at any place, and can be
 * parted. What is sent across a parted wire waits; TCP loses nothing, it only never arrives.
 */
export class SimWires implements SimWire {
  delay: LinkDelay = { minMs: 0.05, spreadMs: 0.5 };
  readonly options: SimWireOptions;
  readonly #acceptors = new Map<string, Acceptor>();
  readonly #parted = new Set<string>();
  readonly #connections = new Set<SimConnection>();
  #nextPort = ephemeralPortStart;

  constructor(options: SimWireOptions) {
    this.options = options;
  }

  /** Parts two machines, in both directions. */
  part(left: string, right: string): void {
    this.partOneWay(left, right);
    this.partOneWay(right, left);
  }

  /** Parts two machines for bytes from the first to the second. */
  partOneWay(from: string, to: string): void {
    this.#parted.add(`${from}>${to}`);
  }

  /** Heals every wire; what waited arrives. */
  heal(): void {
    this.#parted.clear();
    for (const connection of this.#connections) connection.deliver();
  }

  /** Whether bytes from one machine reach the other. */
  reaches(from: string, to: string): boolean {
    return !this.#parted.has(`${from}>${to}`);
  }

  /** Breaks every connection of a machine and frees its ports: its process has ended. */
  endProcess(host: string): void {
    for (const key of this.#acceptors.keys()) {
      if (key.startsWith(`${host}:`)) this.#acceptors.delete(key);
    }
    for (const connection of this.#connections) {
      if (connection.localHost === host) connection.vanish();
    }
  }

  /** Adds a listener. @throws NetworkError EADDRINUSE. */
  listen(host: string, port: number, acceptor: Acceptor): number {
    const taken = port === 0 ? this.takePort() : port;
    const key = `${host}:${taken}`;
    if (this.#acceptors.has(key)) {
      throw new NetworkError(`listening on ${key} failed`, { systemCode: "EADDRINUSE" });
    }
    this.#acceptors.set(key, acceptor);
    return taken;
  }

  /** Removes a listener. */
  unlisten(host: string, port: number): void {
    this.#acceptors.delete(`${host}:${port}`);
  }

  /** Who accepts at an address; undefined when nobody does. */
  acceptorOf(host: string, port: number): Acceptor | undefined {
    return this.#acceptors.get(`${host}:${port}`);
  }

  /** A port that nobody has. */
  takePort(): number {
    this.#nextPort += 1;
    return this.#nextPort;
  }

  /** When something sent now arrives. */
  arrivalMs(): number {
    const { heap, random } = this.options;
    return heap.nowMs() + this.delay.minMs + random.nextFloat() * this.delay.spreadMs;
  }

  /** Makes both ends of a connection. */
  join(client: SimAddress, server: SimAddress): readonly [SimConnection, SimConnection] {
    const near = new SimConnection(this, client, server);
    const far = new SimConnection(this, server, client);
    near.peer = far;
    far.peer = near;
    this.#connections.add(near);
    this.#connections.add(far);
    return [near, far];
  }

  /** Forgets a connection that is closed. */
  forget(connection: SimConnection): void {
    this.#connections.delete(connection);
  }
}
