import type { Clock, Platform, Random, Timer } from "@millrace/platform";
import type { BrokerId } from "@millrace/protocol";
import { KafkaError } from "../errors/kafka-error.ts";
import type { BrokerNode } from "../metadata/metadata-cache.ts";
import type { HostPort, ResolvedClientOptions } from "../options/resolved-options.ts";
import type { ClientMetrics } from "../telemetry/client-metrics.ts";
import { BrokerLink, defaultLane } from "./broker-link.ts";
import { ConnectionOpener } from "./opener.ts";

const idleCheckMsMax = 60_000;

/**
 * The links to brokers by their number. Until Metadata has told of brokers, the bootstrap addresses
 * stand in with negative numbers, as in Java.
 */
export class BrokerDirectory {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #options: ResolvedClientOptions;
  readonly #opener: ConnectionOpener;
  readonly #links = new Map<BrokerId, BrokerLink>();
  /** Links of other times that still wait for answers, with when to look at them again. */
  readonly #retiring = new Map<BrokerLink, Timer>();
  #isBootstrap = true;
  /** From the first time on that somebody wants a link. */
  #idleTimer: Timer | undefined;
  #endedBy: KafkaError | undefined;

  constructor(platform: Platform, options: ResolvedClientOptions, metrics: ClientMetrics) {
    this.#clock = platform.clock;
    this.#random = platform.random;
    this.#options = options;
    this.#opener = new ConnectionOpener(platform, options, metrics);
    this.bootstrap();
  }

  /** Whether only the bootstrap addresses are known. */
  get isBootstrap(): boolean {
    return this.#isBootstrap;
  }

  /** Forgets the brokers and begins again from the bootstrap addresses (KIP-899). */
  bootstrap(): void {
    const error = new KafkaError("NETWORK_EXCEPTION", "the client begins again from bootstrap");
    for (const link of this.#links.values()) link.end(error);
    this.#links.clear();
    this.#isBootstrap = true;
    for (const [index, address] of this.#options.bootstrap.entries()) {
      this.#add(-1 - index, address);
    }
  }

  /** Takes over the brokers that Metadata tells. */
  replace(brokers: readonly BrokerNode[]): void {
    if (brokers.length === 0 || this.#endedBy !== undefined) return;
    const old = [...this.#links.values()];
    const told = new Map(brokers.map((broker) => [broker.id, broker]));
    for (const broker of brokers) this.learn(broker);
    for (const link of old) {
      if (link.id >= 0 && told.has(link.id)) continue;
      this.#retire(link);
    }
    this.#isBootstrap = false;
  }

  /** Takes over one broker's address: from a coordinator's or a leader's answer. */
  learn(broker: { readonly id: BrokerId } & HostPort): void {
    const known = this.#links.get(broker.id);
    if (known !== undefined && isSame(known.address, broker)) return;
    if (known !== undefined) this.#retire(known);
    this.#add(broker.id, { host: broker.host, port: broker.port });
  }

  /** @throws KafkaError BROKER_NOT_AVAILABLE for a broker that is not known (any more). */
  link(id: BrokerId): BrokerLink {
    if (this.#endedBy !== undefined) throw this.#endedBy;
    this.#watchIdle();
    const link = this.#links.get(id);
    if (link !== undefined) return link;
    throw new KafkaError("BROKER_NOT_AVAILABLE", `broker ${id} is not known`, {
      node: id,
      retriable: true,
      hint: "Metadata is asked for again.",
    });
  }

  /**
   * The links in the order in which to ask them: connected ones with the least to do, then those
   * that are being connected, then the others by chance; those that failed just now last.
   */
  byLoad(lane: string = defaultLane): readonly BrokerLink[] {
    this.#watchIdle();
    const ranked = [...this.#links.values()].map((link) => ({
      link,
      rank: rankOf(link, lane),
      load: link.pendingCount(lane) + this.#random.nextFloat() / 2,
      backoffMs: link.backoffLeftMs(),
    }));
    ranked.sort(
      (left, right) =>
        left.rank - right.rank || left.backoffMs - right.backoffMs || left.load - right.load,
    );
    return ranked.map(({ link }) => link);
  }

  /** Closes everything. */
  end(error: KafkaError): void {
    this.#endedBy = error;
    this.#idleTimer?.cancel();
    for (const timer of this.#retiring.values()) timer.cancel();
    for (const link of this.#retiring.keys()) link.end(error);
    this.#retiring.clear();
    for (const link of this.#links.values()) link.end(error);
  }

  #add(id: BrokerId, address: HostPort): void {
    const link = new BrokerLink({
      id,
      address,
      clock: this.#clock,
      random: this.#random,
      options: this.#options,
      opener: this.#opener,
    });
    this.#links.set(id, link);
  }

  /** Takes a link out; what is on its way over it still comes. */
  #retire(link: BrokerLink): void {
    if (this.#links.get(link.id) === link) this.#links.delete(link.id);
    for (const other of this.#links.values()) {
      if (isSame(other.address, link.address)) link.moveTo(other);
    }
    this.#endWhenIdle(link);
  }

  #endWhenIdle(link: BrokerLink): void {
    this.#retiring.delete(link);
    if (link.pendingCount() === 0) {
      link.end(new KafkaError("NETWORK_EXCEPTION", `broker ${link.id} has another address now`));
      return;
    }
    const checkMs = 100;
    const timer = this.#clock.setTimer(checkMs, () => this.#endWhenIdle(link));
    this.#retiring.set(link, timer);
  }

  #watchIdle(): void {
    const { connectionsMaxIdleMs } = this.#options;
    if (connectionsMaxIdleMs < 0 || this.#idleTimer !== undefined) return;
    if (this.#endedBy !== undefined) return;
    const checkMs = Math.max(1, Math.min(connectionsMaxIdleMs / 2, idleCheckMsMax));
    this.#idleTimer = this.#clock.setTimer(checkMs, () => {
      this.#idleTimer = undefined;
      for (const link of this.#links.values()) link.closeIdle();
      this.#watchIdle();
    });
  }
}

const connected = 0;
const opening = 1;
const untried = 2;
const failing = 3;

function rankOf(link: BrokerLink, lane: string): number {
  if (link.throttledForMs() > 0) return failing;
  if (link.isConnected(lane)) return connected;
  if (link.isOpening(lane)) return opening;
  return link.backoffLeftMs() > 0 ? failing : untried;
}

function isSame(left: HostPort, right: HostPort): boolean {
  return left.host === right.host && left.port === right.port;
}
