import { canonicalAddress } from "../security/canonical-address.ts";

/** Who may be connected: `max.connections`, `max.connections.per.ip` and its overrides. */
export interface ConnectionQuotaLimits {
  readonly connectionsMax: number;
  readonly connectionsPerHostMax: number;
  readonly overridesByHost: ReadonlyMap<string, number>;
  /** `max.connection.creation.rate`, which SocketServer watches; without it there is no limit. */
  readonly connectionsPerSecondMax?: number;
}

/** Counts connections, in all and per address, and says who is one too many. */
export class ConnectionQuota {
  #limits: ConnectionQuotaLimits;
  #overrides: ReadonlyMap<string, number>;
  readonly #countByHost = new Map<string, number>();
  #count = 0;

  constructor(limits: ConnectionQuotaLimits) {
    this.#limits = limits;
    this.#overrides = byAddress(limits);
  }

  /** Connections that are open. */
  get count(): number {
    return this.#count;
  }

  /** Applies changed limits to those who come from now on. */
  updateLimits(limits: ConnectionQuotaLimits): void {
    this.#limits = limits;
    this.#overrides = byAddress(limits);
  }

  /** Counts a connection; undefined, or why it is refused (then it is not counted). */
  enter(host: string): string | undefined {
    const hostCount = this.#countByHost.get(host) ?? 0;
    const hostMax =
      this.#overrides.get(canonicalAddress(host)) ?? this.#limits.connectionsPerHostMax;
    if (hostCount >= hostMax) return `max.connections.per.ip (${hostMax}) is reached`;
    if (this.#count >= this.#limits.connectionsMax) {
      return `max.connections (${this.#limits.connectionsMax}) is reached`;
    }
    this.#countByHost.set(host, hostCount + 1);
    this.#count += 1;
    return undefined;
  }

  /** Uncounts a connection that `enter` accepted. */
  leave(host: string): void {
    this.#count -= 1;
    const hostCount = (this.#countByHost.get(host) ?? 1) - 1;
    if (hostCount === 0) this.#countByHost.delete(host);
    else this.#countByHost.set(host, hostCount);
  }
}

/** The overrides, in whatever form their addresses are written. */
function byAddress({ overridesByHost }: ConnectionQuotaLimits): ReadonlyMap<string, number> {
  return new Map([...overridesByHost].map(([host, max]) => [canonicalAddress(host), max]));
}
