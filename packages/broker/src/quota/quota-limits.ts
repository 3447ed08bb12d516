import type { ClientQuota } from "@millrace/metadata";

/** Who is limited: what counts is what a quota is set for, so that either may be empty. */
export interface QuotaMatch {
  readonly limit: number;
  /** Whose usage it is counted with: empty when it is counted for all users together. */
  readonly user: string;
  /** Empty when it is counted for all client ids together. */
  readonly clientId: string;
}

/**
 * As much of a client id counts. A client may call itself as it likes, 32 KB long and otherwise
 * each time, and that is remembered.
 */
const clientIdLengthMax = 256;

/** The part of a client id that counts for quotas. */
export function boundedClientId(clientId: string): string {
  if (clientId.length <= clientIdLengthMax) return clientId;
  // A part of a string keeps the whole of it in memory; this is a copy.
  return Buffer.from(clientId.slice(0, clientIdLengthMax)).toString();
}

/** Gives a key of its own to each pair of names, whatever is in them. */
export function clientKey(user: string, clientId: string): string {
  return `${user.length} ${user}${clientId}`;
}

/** Clients whose limit is not looked up again. */
const knownMax = 10_000;

/** Stands for a default, which no name of a user or a client id can. */
const DEFAULT = null;

type Names = readonly [user: string | null | undefined, clientId: string | null | undefined];

/**
 * The limits of one kind, by user and client id. The first that is set counts: (user, client id),
 * (user, default), user, (default, client id), (default, default), default user, client id, default
 * client id.
 */
export class QuotaLimits {
  readonly #limits = new Map<string, number>();
  readonly #known = new Map<string, QuotaMatch | undefined>();

  /** @param key the kind of quota, as `producer_byte_rate`. */
  constructor(quotas: Iterable<ClientQuota>, key: string) {
    for (const quota of quotas) {
      if (quota.key !== key) continue;
      const nameOf = (type: string): string | null | undefined =>
        quota.entity.find(({ entityType }) => entityType === type)?.entityName;
      const clientId = nameOf("client-id");
      const names: Names = [nameOf("user"), clientId && boundedClientId(clientId)];
      if (names[0] === undefined && names[1] === undefined) continue;
      this.#limits.set(limitKey(names), quota.value);
    }
  }

  /** Whether nobody is limited. */
  get isEmpty(): boolean {
    return this.#limits.size === 0;
  }

  /** The limit that counts for a client; undefined when there is none. */
  match(user: string, clientId: string): QuotaMatch | undefined {
    const key = clientKey(user, clientId);
    const known = this.#known.get(key);
    if (known !== undefined || this.#known.has(key)) return known;
    if (this.#known.size >= knownMax) this.#known.clear();
    const match = this.#lookUp(user, clientId);
    this.#known.set(key, match);
    return match;
  }

  #lookUp(user: string, clientId: string): QuotaMatch | undefined {
    const ofUser = { user, clientId: "" };
    const ofClient = { user: "", clientId };
    // Who has not told a client id has none that could be limited, not even by a default.
    if (clientId === "") {
      return this.#first([[user, undefined], ofUser], [[DEFAULT, undefined], ofUser]);
    }
    const ofBoth = { user, clientId };
    return this.#first(
      [[user, clientId], ofBoth],
      [[user, DEFAULT], ofBoth],
      [[user, undefined], ofUser],
      [[DEFAULT, clientId], ofBoth],
      [[DEFAULT, DEFAULT], ofBoth],
      [[DEFAULT, undefined], ofUser],
      [[undefined, clientId], ofClient],
      [[undefined, DEFAULT], ofClient],
    );
  }

  #first(
    ...levels: readonly (readonly [Names, Omit<QuotaMatch, "limit">])[]
  ): QuotaMatch | undefined {
    for (const [names, counted] of levels) {
      const limit = this.#limits.get(limitKey(names));
      if (limit !== undefined) return { ...counted, limit };
    }
    return undefined;
  }
}

function limitKey([user, clientId]: Names): string {
  return JSON.stringify([user === undefined ? 0 : user, clientId === undefined ? 0 : clientId]);
}
