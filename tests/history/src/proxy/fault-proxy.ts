import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { Lane } from "./lane.ts";

/** Which way: what clients ask, or what brokers answer. */
export type Direction = "requests" | "answers";

/** How frames fare, from the next one on. */
export interface Weather {
  /** How many of all frames are held, 0 to 1. */
  readonly delayChance: number;
  /** They are held for so long at most; frames of other connections pass them meanwhile. */
  readonly delayMsMax: number;
  /**
   * How many of all requests lose their connection while they are on their way: the client sees
   * it cut at once, and the broker gets the request later.
   */
  readonly strandChance: number;
}

/** Everything passes. */
export const calm: Weather = { delayChance: 0, delayMsMax: 0, strandChance: 0 };

/** Where a proxy stands. */
export interface FaultProxyOptions {
  /** On 127.0.0.1. Brokers advertise it, so that clients never learn of another. */
  readonly port: number;
  readonly targetPort: number;
  readonly random: () => number;
}

/** What a proxy did. */
export interface FaultCounts {
  connections: number;
  frames: number;
  delayed: number;
  stranded: number;
  cut: number;
  frozen: number;
  halfOpen: number;
}

/**
 * Stands between clients and a broker, knows where frames of Kafka's protocol end and nothing
 * else of it, and holds, delays, cuts and strands them. What passes is never changed.
 */
export class FaultProxy implements AsyncDisposable {
  weather: Weather = calm;
  /** Whether connections made from now on are half-open from their beginning. */
  isDeaf = false;
  readonly counts: FaultCounts = {
    connections: 0,
    frames: 0,
    delayed: 0,
    stranded: 0,
    cut: 0,
    frozen: 0,
    halfOpen: 0,
  };
  readonly #options: FaultProxyOptions;
  readonly #server: Server;
  readonly #links = new Set<Link>();

  private constructor(options: FaultProxyOptions) {
    this.#options = options;
    // A half-closed connection is as good as closed for Kafka's protocol.
    this.#server = createServer((client) => this.#accept(client));
  }

  /** Listens. */
  static async listen(options: FaultProxyOptions): Promise<FaultProxy> {
    const proxy = new FaultProxy(options);
    proxy.#server.listen(options.port, "127.0.0.1");
    await once(proxy.#server, "listening");
    return proxy;
  }

  /** How many connections are open. */
  get connectionCount(): number {
    return this.#links.size;
  }

  /** Cuts some of all connections half-way through their next frame, whichever way it goes. */
  cut(share: number): void {
    for (const link of this.#links) {
      if (this.#options.random() >= share) continue;
      this.counts.cut += 1;
      link.cutNextFrame();
    }
  }

  /** Holds one direction of some of all connections until `thaw`. */
  freeze(direction: Direction, share: number): void {
    for (const link of this.#links) {
      if (this.#options.random() >= share) continue;
      this.counts.frozen += 1;
      link.lane(direction).freeze();
    }
  }

  /** Lets everything that `freeze` held pass. */
  thaw(): void {
    for (const link of this.#links) {
      link.lane("requests").thaw();
      link.lane("answers").thaw();
    }
  }

  /**
   * Leaves clients of some of all connections alone: the broker's side is closed, what they send
   * goes nowhere, and nobody tells them.
   */
  halfOpen(share: number): void {
    for (const link of this.#links) {
      if (link.isHalfOpen || this.#options.random() >= share) continue;
      this.counts.halfOpen += 1;
      link.halfOpen();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const link of this.#links) link.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #accept(client: Socket): void {
    this.counts.connections += 1;
    const broker = connect({ host: "127.0.0.1", port: this.#options.targetPort });
    const link: Link = new Link(client, broker, {
      delayMs: (direction) => this.#delayMs(direction, link),
      onClose: () => this.#links.delete(link),
    });
    this.#links.add(link);
    if (!this.isDeaf) return;
    this.counts.halfOpen += 1;
    link.halfOpen();
  }

  #delayMs(direction: Direction, link: Link): number {
    const { delayChance, delayMsMax, strandChance } = this.weather;
    const { random } = this.#options;
    this.counts.frames += 1;
    const isStranded = direction === "requests" && random() < strandChance;
    if (isStranded) {
      this.counts.stranded += 1;
      link.dropClient();
    } else if (random() >= delayChance) return 0;
    else this.counts.delayed += 1;
    return random() * delayMsMax;
  }
}

/** A client's connection and the one to the broker that goes with it. */
class Link {
  readonly #client: Socket;
  readonly #broker: Socket;
  readonly #lanes: Readonly<Record<Direction, Lane>>;
  readonly #onClose: () => void;
  #isHalfOpen = false;

  constructor(
    client: Socket,
    broker: Socket,
    events: {
      readonly delayMs: (direction: Direction) => number;
      readonly onClose: () => void;
    },
  ) {
    this.#client = client;
    this.#broker = broker;
    this.#onClose = events.onClose;
    for (const socket of [client, broker]) {
      socket.setNoDelay(true);
      // An error is followed by "close", which says enough.
      socket.on("error", () => undefined);
    }
    const lane = (direction: Direction, from: Socket, to: Socket) =>
      new Lane(from, to, {
        delayMs: () => events.delayMs(direction),
        onDrained: () => to.destroySoon(),
        onCut: () => this.destroy(),
      });
    this.#lanes = {
      requests: lane("requests", client, broker),
      answers: lane("answers", broker, client),
    };
    broker.once("close", () => this.#closeWhenDone());
    client.once("close", () => this.#closeWhenDone());
  }

  lane(direction: Direction): Lane {
    return this.#lanes[direction];
  }

  get isHalfOpen(): boolean {
    return this.#isHalfOpen;
  }

  halfOpen(): void {
    this.#isHalfOpen = true;
    // A closed lane takes what comes and forgets it.
    this.#lanes.requests.close();
    this.#lanes.answers.close();
    this.#broker.destroy();
  }

  cutNextFrame(): void {
    this.#lanes.requests.cutNextFrame();
    this.#lanes.answers.cutNextFrame();
  }

  /** Closes the client's side; requests that are held reach the broker all the same. */
  dropClient(): void {
    // Not now: the frame that is being looked at must be among the held ones first.
    setImmediate(() => this.#client.destroy());
  }

  destroy(): void {
    this.#lanes.requests.close();
    this.#lanes.answers.close();
    this.#client.destroy();
    this.#broker.destroy();
    this.#onClose();
  }

  #closeWhenDone(): void {
    if (this.#isHalfOpen && !this.#client.destroyed) return;
    if (this.#broker.destroyed || !this.#lanes.requests.isHolding) {
      if (this.#client.destroyed || !this.#lanes.answers.isHolding) this.destroy();
    }
  }
}
