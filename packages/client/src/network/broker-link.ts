import type { Clock, Random } from "@millrace/platform";
import type { BrokerId } from "@millrace/protocol";
import type { KafkaError } from "../errors/kafka-error.ts";
import type { HostPort, ResolvedClientOptions } from "../options/resolved-options.ts";
import { backoffMs } from "../retry/backoff.ts";
import { waitMs } from "../retry/wait.ts";
import type { ApiTable } from "./api-table.ts";
import type { Exchange } from "./exchange.ts";
import { Lane } from "./lane.ts";
import type { OpenConnection } from "./open-connection.ts";
import type { ConnectionOpener } from "./opener.ts";

/** The lane that is taken when none is named. */
export const defaultLane = "default";

/** What a link works with. */
export interface BrokerLinkOptions {
  readonly id: BrokerId;
  readonly address: HostPort;
  readonly clock: Clock;
  readonly random: Random;
  readonly options: ResolvedClientOptions;
  readonly opener: ConnectionOpener;
}

/**
 * One broker at one address: its lanes, its back-off, and for how long it wants to be left alone.
 */
export class BrokerLink {
  readonly id: BrokerId;
  readonly address: HostPort;
  readonly #options: BrokerLinkOptions;
  readonly #lanes = new Map<string, Lane>();
  #failures = 0;
  /** Before this time nobody connects. */
  #notBeforeMs = 0;
  #throttledUntilMs = 0;
  #endedBy: KafkaError | undefined;
  readonly #ending = new AbortController();

  constructor(options: BrokerLinkOptions) {
    this.id = options.id;
    this.address = options.address;
    this.#options = options;
  }

  /** Sends a request over a lane. */
  send(exchange: Exchange, lane: string = defaultLane): void {
    this.#lane(lane).send(exchange);
  }

  /** Resolves when the lane has a connection. @throws KafkaError */
  whenReady(lane: string = defaultLane): Promise<void> {
    return this.#lane(lane).whenReady();
  }

  /** What the broker said of itself; undefined without a connection. */
  table(): ApiTable | undefined {
    for (const lane of this.#lanes.values()) if (lane.table !== undefined) return lane.table;
    return undefined;
  }

  isConnected(lane: string = defaultLane): boolean {
    return this.#lanes.get(lane)?.isConnected === true;
  }

  isOpening(lane: string = defaultLane): boolean {
    return this.#lanes.get(lane)?.isOpening === true;
  }

  /** How long it must not be connected to, since the last attempts failed. */
  backoffLeftMs(): number {
    return Math.max(0, this.#notBeforeMs - this.#options.clock.monotonicMs());
  }

  throttledForMs(): number {
    return Math.max(0, this.#throttledUntilMs - this.#options.clock.monotonicMs());
  }

  /** Requests that wait or are not answered, in a lane or in all. */
  pendingCount(lane?: string): number {
    if (lane !== undefined) return this.#lanes.get(lane)?.pendingCount() ?? 0;
    let count = 0;
    for (const one of this.#lanes.values()) count += one.pendingCount();
    return count;
  }

  /** Gives the idle connections of this link to another for the same address. */
  moveTo(other: BrokerLink): void {
    for (const [name, lane] of this.#lanes) {
      const open = lane.giveAway();
      if (open === undefined) continue;
      if (!other.#lane(name).adopt(open)) open.connection.end();
    }
  }

  closeIdle(): void {
    for (const lane of this.#lanes.values()) lane.closeIdle();
  }

  /** Ends every lane: what is in them fails. */
  end(error: KafkaError): void {
    this.#endedBy = error;
    this.#ending.abort(error);
    for (const lane of this.#lanes.values()) lane.end(error);
  }

  #lane(name: string): Lane {
    const known = this.#lanes.get(name);
    if (known !== undefined) return known;
    const { clock, options } = this.#options;
    const lane = new Lane({
      clock,
      name,
      open: () => this.#open(),
      throttledForMs: () => this.throttledForMs(),
      onThrottled: (throttleTimeMs) => {
        const untilMs = clock.monotonicMs() + throttleTimeMs;
        this.#throttledUntilMs = Math.max(this.#throttledUntilMs, untilMs);
      },
      maxIdleMs: options.connectionsMaxIdleMs,
    });
    this.#lanes.set(name, lane);
    if (this.#endedBy !== undefined) lane.end(this.#endedBy);
    return lane;
  }

  async #open(): Promise<OpenConnection> {
    const { clock, random, options, opener } = this.#options;
    while (this.backoffLeftMs() > 0 && this.#endedBy === undefined) {
      await waitMs(clock, this.backoffLeftMs(), this.#ending.signal);
    }
    if (this.#endedBy !== undefined) throw this.#endedBy;
    const reconnect = {
      initialMs: options.reconnectBackoffMs,
      maxMs: options.reconnectBackoffMaxMs,
    };
    // As in Java, the pause counts from the attempt, so that a connection which lived for long is
    // made again at once.
    const pauseMs = backoffMs(this.#failures, reconnect, random);
    this.#notBeforeMs = Math.max(this.#notBeforeMs, clock.monotonicMs() + pauseMs);
    try {
      const open = await opener.open({
        ...this.address,
        node: this.id,
        setupTimeoutMs: this.#setupTimeoutMs(),
        signal: this.#ending.signal,
      });
      this.#failures = 0;
      return open;
    } catch (error) {
      this.#failures += 1;
      throw error;
    }
  }

  #setupTimeoutMs(): number {
    const { options, random } = this.#options;
    const setup = {
      initialMs: options.socketConnectionSetupTimeoutMs,
      maxMs: options.socketConnectionSetupTimeoutMaxMs,
    };
    return backoffMs(this.#failures, setup, random);
  }
}
