import type {
  Clock,
  Connection,
  Listener,
  Logger,
  Network,
  Timer,
  TlsServerOptions,
} from "@millrace/platform";

import type { AnswerMemory } from "./answer-memory.ts";
import type { FrameDispatcher } from "./answer.ts";
import { BufferPool } from "./buffer-pool.ts";
import { ClientConnection, type ConnectionLimits } from "./client-connection.ts";
import { MemoryBound } from "./memory-bound.ts";
import { ConnectionQuota, type ConnectionQuotaLimits } from "./connection-quota.ts";
import { type ListenerLimits, ListenerQuota } from "./listener-quota.ts";

/** One of `listeners`. */
export interface ListenerOptions {
  readonly name: string;
  readonly host: string | undefined;
  readonly port: number;
  /** Its own limits, beside the broker's. */
  readonly limits?: ListenerLimits;
  /** How it encrypts; it does not without them. */
  readonly tls?: TlsServerOptions | undefined;
}

/** Where a connection comes from, for the dispatcher that is made for it. */
export interface ConnectionOrigin {
  readonly listenerName: string;
  readonly remoteHost: string;
  readonly remotePort: number;
  /** The certificate that the peer has shown; known with its first frame. */
  readonly peerCertificate: () => Uint8Array | undefined;
}

/** What a server works with. */
export interface SocketServerOptions {
  readonly network: Network;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly limits: ConnectionLimits;
  readonly quota: ConnectionQuotaLimits;
  /** `connections.max.idle.ms`. */
  readonly idleMsMax: number;
  /** Bytes that the pool of receive buffers may keep. */
  readonly pooledBytesMax: number;
  /** Bytes that unfinished frames of all connections may take. */
  readonly frameMemoryBytesMax: number;
  /** The same for those who have to authenticate and have not, in all. */
  readonly strangersFrameMemoryBytesMax: number;
  /** Bytes that the requests of all connections may take while they are handled. */
  readonly requestMemoryBytesMax: number;
  readonly answers: AnswerMemory;
  readonly backlog: number;
  /** How often each address may connect; any number of times without it. */
  readonly connectionRates?: ConnectionRateLimit;
  readonly dispatcherFor: (origin: ConnectionOrigin) => FrameDispatcher;
}

/** Counts connections by address; above 0, for how many milliseconds one is too many. */
export interface ConnectionRateLimit {
  throttleMs(host: string, nowMs: number): number;
}

/** A listener that is bound. */
export interface BoundListener {
  readonly name: string;
  readonly host: string;
  readonly port: number;
}

/** The part of a read that is shared by all connections; large frames bypass it. */
const scratchBytes = 64 * 1024;

/**
 * Connections that came too soon and are only held, so that their clients do not come again at
 * once; more of them are closed immediately.
 */
const heldConnectionsMax = 1000;

/** How often idle connections are looked for, as a part of the time they may be idle. */
const idleSweepsPerTimeout = 4;

/** The longest pause between two looks for idle connections. */
const idleSweepMsMax = 10_000;

const unlimited: ListenerLimits = {
  connectionsMax: Number.POSITIVE_INFINITY,
  connectionsPerSecondMax: Number.POSITIVE_INFINITY,
};

/** The broker's own number of connections is ConnectionQuota's to watch. */
function rateOf(limits: ConnectionQuotaLimits): ListenerLimits {
  const { connectionsPerSecondMax } = limits;
  return {
    ...unlimited,
    ...(connectionsPerSecondMax === undefined ? {} : { connectionsPerSecondMax }),
  };
}

/** Listens, accepts within the limits, and closes connections that are idle too long. */
export class SocketServer {
  readonly #options: SocketServerOptions;
  readonly #listeners = new Map<string, Listener>();
  /** Each open connection with the quota of the listener that it came over. */
  readonly #connections = new Map<ClientConnection, ListenerQuota>();
  readonly #quotasByListener = new Map<string, ListenerQuota>();
  readonly #quota: ConnectionQuota;
  readonly #rate: ListenerQuota;
  readonly #pool: BufferPool;
  readonly #memory: MemoryBound;
  readonly #strangersMemory: MemoryBound;
  readonly #requestMemory: MemoryBound;
  readonly #scratch = Buffer.allocUnsafeSlow(scratchBytes);
  #sweepTimer: Timer | undefined;
  readonly #held = new Map<Connection, Timer>();
  #refusedCount = 0;
  #isOpen = false;
  #isClosing = false;
  #onEmpty: (() => void) | undefined;

  constructor(options: SocketServerOptions) {
    this.#options = options;
    this.#quota = new ConnectionQuota(options.quota);
    this.#rate = new ListenerQuota("the broker", rateOf(options.quota));
    this.#pool = new BufferPool({ heldBytesMax: options.pooledBytesMax });
    this.#memory = new MemoryBound({ bytesMax: options.frameMemoryBytesMax });
    this.#strangersMemory = new MemoryBound({ bytesMax: options.strangersFrameMemoryBytesMax });
    this.#requestMemory = new MemoryBound({ bytesMax: options.requestMemoryBytesMax });
  }

  /** Open connections. */
  get connectionCount(): number {
    return this.#connections.size;
  }

  /** Connections refused by a limit since the start. */
  get refusedCount(): number {
    return this.#refusedCount;
  }

  /** Estimated bytes of the requests that are handled now. */
  get requestMemoryBytes(): number {
    return this.#requestMemory.usedBytes;
  }

  /** Connections whose next request waits for the memory of others. */
  get requestMemoryWaiting(): number {
    return this.#requestMemory.waitingCount;
  }

  /** Bytes held for clients: frames under way, answers not taken, and pooled buffers. */
  heldBytes(): number {
    let bytes = this.#pool.heldBytes();
    for (const connection of this.#connections.keys()) bytes += connection.heldBytes();
    return bytes;
  }

  /** Begins to serve; connections that came before have waited. */
  open(): void {
    this.#isOpen = true;
    for (const connection of this.#connections.keys()) connection.start();
    this.#scheduleSweep();
  }

  /**
   * Binds a listener; its connections wait for `open`. @throws NetworkError when the address is
   * taken or not ours.
   */
  async listen(options: ListenerOptions): Promise<BoundListener> {
    const quota = new ListenerQuota(`the listener ${options.name}`, options.limits ?? unlimited);
    this.#quotasByListener.set(options.name, quota);
    const listener = await this.#options.network.listen(
      {
        host: options.host,
        port: options.port,
        backlog: this.#options.backlog,
        ...(options.tls === undefined ? {} : { tls: options.tls }),
      },
      (connection) => this.#accept(connection, options.name, quota),
    );
    this.#listeners.set(options.name, listener);
    return { name: options.name, host: listener.host, port: listener.port };
  }

  /** Applies changed connection limits to those who come from now on. */
  updateQuota(limits: ConnectionQuotaLimits): void {
    this.#quota.updateLimits(limits);
    this.#rate.updateLimits(rateOf(limits));
  }

  /** Applies changed limits of one listener to those who come from now on. */
  updateListenerLimits(name: string, limits: ListenerLimits): void {
    this.#quotasByListener.get(name)?.updateLimits(limits);
  }

  /**
   * Gives a listener other certificates for connections from now on.
   * @throws NetworkError TLS_CONTEXT when they cannot be used.
   */
  updateTls(name: string, tls: TlsServerOptions): void {
    this.#listeners.get(name)?.updateTls(tls);
  }

  /**
   * Accepts no more and begins no more requests; resolves once all answers left or the time is up.
   */
  async close(graceMs: number): Promise<void> {
    this.#isClosing = true;
    this.#sweepTimer?.cancel();
    await Promise.all([...this.#listeners.values()].map((listener) => listener.close()));
    for (const connection of this.#held.keys()) this.#letGo(connection);
    for (const connection of this.#connections.keys()) connection.drain();
    if (this.#connections.size > 0) await this.#untilEmpty(graceMs);
    for (const connection of this.#connections.keys()) connection.destroy();
  }

  #untilEmpty(graceMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.#options.clock.setTimer(graceMs, resolve);
      this.#onEmpty = () => {
        timer.cancel();
        resolve();
      };
    });
  }

  #accept(connection: Connection, listenerName: string, quota: ListenerQuota): void {
    const { remoteHost, remotePort } = connection;
    const nowMs = this.#options.clock.monotonicMs();
    const throttleMs = this.#options.connectionRates?.throttleMs(remoteHost, nowMs) ?? 0;
    if (throttleMs > 0) {
      this.#hold(connection, throttleMs);
      return;
    }
    const refusal = this.#enter(remoteHost, quota);
    if (refusal !== undefined) {
      this.#refusedCount += 1;
      this.#options.logger.warn("refused a connection", { peer: remoteHost, reason: refusal });
      connection.destroy();
      return;
    }
    const client = new ClientConnection({
      connection,
      dispatcher: this.#options.dispatcherFor({
        listenerName,
        remoteHost,
        remotePort,
        peerCertificate: () => connection.peerCertificate(),
      }),
      limits: this.#options.limits,
      pool: this.#pool,
      memory: this.#memory,
      strangersMemory: this.#strangersMemory,
      requestMemory: this.#requestMemory,
      answers: this.#options.answers,
      scratch: this.#scratch,
      logger: this.#options.logger,
      nowMs: () => this.#options.clock.monotonicMs(),
      setTimer: (delayMs, action) => this.#options.clock.setTimer(delayMs, action),
      onClosed: (closed) => this.#forget(closed),
    });
    this.#connections.set(client, quota);
    if (this.#isOpen) client.start();
  }

  /** Closes a connection later, as Kafka does with one above its address' rate (KIP-612). */
  #hold(connection: Connection, delayMs: number): void {
    this.#refusedCount += 1;
    const { clock, logger } = this.#options;
    const reason = "connection_creation_rate is reached";
    logger.debug("refused a connection", { peer: connection.remoteHost, reason });
    connection.pause();
    if (this.#isClosing || this.#held.size >= heldConnectionsMax) {
      connection.destroy();
      return;
    }
    const timer = clock.setTimer(delayMs, () => this.#letGo(connection));
    this.#held.set(connection, timer);
    connection.onClose(() => this.#letGo(connection));
  }

  #letGo(connection: Connection): void {
    this.#held.get(connection)?.cancel();
    if (this.#held.delete(connection)) connection.destroy();
  }

  /** Counts a connection everywhere, or says why it is one too many. */
  #enter(remoteHost: string, quota: ListenerQuota): string | undefined {
    if (this.#isClosing) return "the broker shuts down";
    const nowMs = this.#options.clock.monotonicMs();
    const refusal =
      quota.refusal(nowMs) ?? this.#rate.refusal(nowMs) ?? this.#quota.enter(remoteHost);
    if (refusal !== undefined) return refusal;
    quota.enter(nowMs);
    this.#rate.enter(nowMs);
    return undefined;
  }

  #forget(connection: ClientConnection): void {
    const quota = this.#connections.get(connection);
    if (quota === undefined) return;
    this.#connections.delete(connection);
    quota.leave();
    this.#rate.leave();
    this.#quota.leave(connection.remoteHost);
    if (this.#connections.size === 0) this.#onEmpty?.();
  }

  #scheduleSweep(): void {
    if (this.#sweepTimer !== undefined) return;
    const { idleMsMax } = this.#options;
    const idleDelayMs = idleMsMax > 0 ? idleMsMax / idleSweepsPerTimeout : idleSweepMsMax;
    const delayMs = Math.min(idleDelayMs, idleSweepMsMax);
    this.#sweepTimer = this.#options.clock.setTimer(delayMs, () => {
      this.#sweepTimer = undefined;
      this.#closeIdle();
      if (!this.#isClosing) this.#scheduleSweep();
    });
  }

  #closeIdle(): void {
    const nowMs = this.#options.clock.monotonicMs();
    const { idleMsMax } = this.#options;
    const oldestMs = idleMsMax > 0 ? nowMs - idleMsMax : Number.NEGATIVE_INFINITY;
    for (const connection of this.#connections.keys()) {
      if (connection.isLate(nowMs)) connection.close("it took too long to authenticate");
      // Whoever waits for an answer is not idle, however long the answer takes.
      if (!connection.isBusy && connection.lastActiveMs < oldestMs) {
        connection.close("connections.max.idle.ms is over");
      }
    }
  }
}
