import { KafkaError } from "../errors/kafka-error.ts";
import { checkChoice } from "../options/check-choice.ts";
import { checkKeys } from "../options/check-keys.ts";
import type { Deserializer } from "../serdes/serde.ts";

/** What a share consumer is made with. Names are Java's in camelCase, defaults are Java's. */
export interface ShareConsumerOptions<K = Buffer | null, V = Buffer | null> {
  readonly groupId: string;
  readonly key?: Deserializer<K>;
  readonly value?: Deserializer<V>;
  /**
   * "implicit": asking for the next record accepts the one before it. "explicit": each record is
   * accepted, released or rejected by itself, in any order, while its lock lasts. "implicit".
   */
  readonly acknowledgement?: "implicit" | "explicit";
  /**
   * "batch_optimized": whole batches of the log, which may be more than was asked for and is fast.
   * "record_limit": never more than `maxPollRecords` at once (KIP-1206). "batch_optimized".
   */
  readonly acquireMode?: "batch_optimized" | "record_limit";
  /**
   * How many records are fetched ahead at most (beside the rest of a batch). They are locked for
   * this consumer from then on; few are best where a record takes long. 500.
   */
  readonly maxPollRecords?: number;
  /** How long a broker waits for records; 500 ms. */
  readonly fetchMaxWaitMs?: number;
  /** 1. */
  readonly fetchMinBytes?: number;
  /** 50 MiB. */
  readonly fetchMaxBytes?: number;
  /**
   * How long acknowledgements wait for others to go with them, when no fetch takes them along;
   * 5 ms.
   */
  readonly acknowledgeLingerMs?: number;
  /**
   * What becomes of a record whose key or value cannot be read: the error is thrown, and the
   * record given back ("fail"), or it is rejected and left out ("reject"). "fail".
   */
  readonly unreadable?: "fail" | "reject";
  /** Where this consumer is. */
  readonly clientRack?: string;
}

/** The options with every default filled in. */
export type ResolvedShareOptions = Required<
  Omit<ShareConsumerOptions, "key" | "value" | "clientRack">
> & { readonly clientRack: string | undefined };

const defaults = {
  acknowledgement: "implicit",
  acquireMode: "batch_optimized",
  maxPollRecords: 500,
  fetchMaxWaitMs: 500,
  fetchMinBytes: 1,
  fetchMaxBytes: 50 * 1024 * 1024,
  acknowledgeLingerMs: 5,
  unreadable: "fail",
} as const satisfies Partial<ShareConsumerOptions>;

const knownKeys: ReadonlySet<string> = new Set([
  ...Object.keys(defaults),
  "groupId",
  "key",
  "value",
  "clientRack",
]);

/**
 * Checks options and fills in the defaults.
 * @throws KafkaError INVALID_OPTION naming the option
 */
export function resolveShareOptions<K, V>(
  given: ShareConsumerOptions<K, V>,
  clientRack: string | undefined,
): ResolvedShareOptions {
  checkKeys(given, knownKeys, "share consumer");
  const { key: _key, value: _value, ...plain } = given;
  if (typeof plain.groupId !== "string" || plain.groupId.trim() === "") {
    throw new KafkaError("INVALID_OPTION", "groupId is not given", { hint: "Name the group." });
  }
  const chosen = Object.fromEntries(
    Object.entries(plain).filter(([, value]) => value !== undefined),
  );
  for (const [name, value] of Object.entries(chosen)) {
    if (typeof value !== "number" || (Number.isFinite(value) && value >= 0)) continue;
    throw new KafkaError("INVALID_OPTION", `${name} is ${value}`, { hint: "Give 0 or more." });
  }
  const resolved = { clientRack, ...defaults, ...chosen, groupId: plain.groupId };
  if (resolved.maxPollRecords < 1) {
    throw new KafkaError("INVALID_OPTION", "maxPollRecords is 0", { hint: "Give 1 or more." });
  }
  checkChoice("acknowledgement", resolved.acknowledgement, ["implicit", "explicit"]);
  checkChoice("acquireMode", resolved.acquireMode, ["batch_optimized", "record_limit"]);
  checkChoice("unreadable", resolved.unreadable, ["fail", "reject"]);
  return resolved;
}
