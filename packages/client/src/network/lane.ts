import type { Clock, Timer } from "@millrace/platform";
import { KafkaError } from "../errors/kafka-error.ts";
import type { Exchange } from "./exchange.ts";
import type { OpenConnection } from "./open-connection.ts";
import { chooseVersion } from "./api-table.ts";

/** Requests on one connection that are not answered; more wait (Java's admin and consumer: 100). */
const inFlightMax = 100;

/** What a lane works with. */
export interface LaneOptions {
  readonly clock: Clock;
  readonly name: string;
  /** Makes a connection, after the broker's back-off. */
  readonly open: () => Promise<OpenConnection>;
  /** Milliseconds for which the broker wants nothing more. */
  readonly throttledForMs: () => number;
  readonly onThrottled: (throttleTimeMs: number) => void;
  readonly maxIdleMs: number;
}

interface ReadyWaiter {
  readonly resolve: () => void;
  readonly reject: (error: KafkaError) => void;
}

/**
 * One line of requests to one broker, in the order in which they were given, over one connection
 * that is made when something is to be sent.
 *
 * closed → opening → open → (renewing → open)* → closed. While opening or renewing (KIP-368: the
 * broker is asked nothing else while it authenticates anew) requests wait.
 */
export class Lane {
  readonly #options: LaneOptions;
  readonly #waiting: Exchange[] = [];
  readonly #readyWaiters: ReadyWaiter[] = [];
  #open: OpenConnection | undefined;
  #isOpening = false;
  #isRenewing = false;
  /** Set while the broker wants nothing: then the pump runs. */
  #pumpTimer: Timer | undefined;
  #endedBy: KafkaError | undefined;

  constructor(options: LaneOptions) {
    this.#options = options;
  }

  get isConnected(): boolean {
    return this.#open !== undefined;
  }

  get isOpening(): boolean {
    return this.#isOpening;
  }

  /** Requests that wait or are not answered. */
  pendingCount(): number {
    return this.#waiting.length + (this.#open?.connection.inFlightCount() ?? 0);
  }

  /** What the broker said of itself on the open connection. */
  get table(): OpenConnection["table"] | undefined {
    return this.#open?.table;
  }

  /** Sends a request, now or when its turn comes. */
  send(exchange: Exchange): void {
    if (this.#endedBy !== undefined) {
      exchange.failed(this.#endedBy);
      return;
    }
    this.#waiting.push(exchange);
    exchange.onTimeout = () => this.#timedOut(exchange);
    this.#pump();
  }

  /** Resolves when there is a connection. @throws KafkaError when it cannot be made. */
  whenReady(): Promise<void> {
    if (this.#open !== undefined) return Promise.resolve();
    if (this.#endedBy !== undefined) return Promise.reject(this.#endedBy);
    return new Promise((resolve, reject) => {
      this.#readyWaiters.push({ resolve, reject });
      this.#pump();
    });
  }

  /** Takes a connection that was made for something else; true when there was none. */
  adopt(open: OpenConnection): boolean {
    if (this.#open !== undefined || this.#isOpening || this.#endedBy !== undefined) return false;
    this.#use(open);
    return true;
  }

  /** Gives the open connection away, unless requests are on it or wait. */
  giveAway(): OpenConnection | undefined {
    const open = this.#open;
    if (open === undefined || this.pendingCount() > 0 || this.#isRenewing) return undefined;
    this.#open = undefined;
    open.connection.onClosed = undefined;
    open.connection.onAnswered = undefined;
    return open;
  }

  /** Ends the lane: everything in it fails with the error. */
  end(error: KafkaError): void {
    this.#endedBy = error;
    this.#pumpTimer?.cancel();
    this.#open?.connection.close(error);
    this.#failWaiting(error);
  }

  /** Closes the connection if it has been idle for too long. */
  closeIdle(): void {
    const open = this.#open;
    const { clock, maxIdleMs } = this.#options;
    if (open === undefined || maxIdleMs < 0 || this.pendingCount() > 0) return;
    if (clock.monotonicMs() - open.connection.lastUsedMs >= maxIdleMs) open.connection.end();
  }

  #pump(): void {
    const open = this.#open;
    if (open === undefined) {
      this.#connect();
      return;
    }
    if (this.#isRenewing) return;
    const { connection, table } = open;
    while (this.#waiting.length > 0 && connection.inFlightCount() < inFlightMax) {
      if (this.#isHeldBack()) return;
      if (this.#renewIfDue(open)) return;
      const exchange = this.#waiting.shift();
      if (exchange !== undefined) transmit(exchange, connection, table);
      if (this.#open !== open) return;
    }
  }

  /** Whether the broker wants nothing just now; then the pump runs again when it does. */
  #isHeldBack(): boolean {
    const delayMs = this.#options.throttledForMs();
    if (delayMs <= 0) return false;
    this.#pumpTimer ??= this.#options.clock.setTimer(delayMs, () => {
      this.#pumpTimer = undefined;
      this.#pump();
    });
    return true;
  }

  #renewIfDue(open: OpenConnection): boolean {
    if (open.renewAtMs > this.#options.clock.monotonicMs()) return false;
    this.#isRenewing = true;
    open.renew(open).then(
      () => {
        this.#isRenewing = false;
        this.#pump();
      },
      (error: unknown) => {
        this.#isRenewing = false;
        open.connection.close(toKafkaError(error));
      },
    );
    return true;
  }

  #connect(): void {
    if (this.#isOpening || this.#endedBy !== undefined) return;
    this.#isOpening = true;
    this.#options.open().then(
      (open) => {
        this.#isOpening = false;
        if (this.#endedBy !== undefined) open.connection.close(this.#endedBy);
        else this.#use(open);
      },
      (error: unknown) => {
        this.#isOpening = false;
        this.#failWaiting(toKafkaError(error));
      },
    );
  }

  #use(open: OpenConnection): void {
    const { connection } = open;
    if (!connection.isOpen) {
      this.#failWaiting(new KafkaError("NETWORK_EXCEPTION", "the connection was lost at once"));
      return;
    }
    this.#open = open;
    connection.onAnswered = (throttleTimeMs) => {
      if (throttleTimeMs > 0) this.#options.onThrottled(throttleTimeMs);
      if (this.#waiting.length > 0) this.#pump();
    };
    connection.onClosed = (error) => {
      if (this.#open !== open) return;
      this.#open = undefined;
      this.#isRenewing = false;
      // What was not sent yet waits for the next connection, unless this one was refused.
      if (error.code !== "NETWORK_EXCEPTION") this.#failWaiting(error);
      if (this.#waiting.length > 0) this.#connect();
    };
    for (const waiter of this.#readyWaiters.splice(0)) waiter.resolve();
    this.#pump();
  }

  #failWaiting(error: KafkaError): void {
    for (const exchange of this.#waiting.splice(0)) exchange.failed(error);
    for (const waiter of this.#readyWaiters.splice(0)) waiter.reject(error);
  }

  #timedOut(exchange: Exchange): void {
    const index = this.#waiting.indexOf(exchange);
    if (index < 0) return;
    this.#waiting.splice(index, 1);
    const { name } = exchange.api;
    const what = this.#open === undefined ? "no connection could be made" : "it could not be sent";
    exchange.failed(new KafkaError("REQUEST_TIMED_OUT", `${name}: ${what} in time`, { api: name }));
  }
}

function transmit(
  exchange: Exchange,
  connection: OpenConnection["connection"],
  table: OpenConnection["table"],
): void {
  if (exchange.isSettled) {
    exchange.failed(new KafkaError("ABORTED", "the call was abandoned"));
    return;
  }
  try {
    connection.transmit(exchange, chooseVersion(table, exchange.api, exchange));
  } catch (error) {
    if (!(error instanceof KafkaError)) throw error;
    exchange.failed(error);
  }
}

function toKafkaError(error: unknown): KafkaError {
  if (error instanceof KafkaError) return error;
  const said = error instanceof Error ? error.message : String(error);
  return new KafkaError("NETWORK_EXCEPTION", said, { cause: error });
}
