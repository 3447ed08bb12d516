import { type ApiSchema, type Versions, versionsOf } from "@millrace/protocol";
import { KafkaError } from "../errors/kafka-error.ts";

/** What a broker said of itself in its answer to ApiVersions. */
export interface ApiTable {
  /** Versions by API key. */
  readonly versions: ReadonlyMap<number, Versions>;
  /** Levels of finalized features by name. */
  readonly features: ReadonlyMap<string, number>;
  /** -1 where the broker does not tell it. */
  readonly featuresEpoch: number;
}

/** The versions that this client may speak: an unstable last one is not among them. */
export function clientVersionsOf(api: ApiSchema): Versions {
  const { first, last } = versionsOf(api);
  return { first, last: api.latestVersionUnstable === true ? last - 1 : last };
}

/**
 * Chooses the newest version that both sides speak.
 * @throws KafkaError UNSUPPORTED_VERSION naming the API, the versions wanted and offered
 */
export function chooseVersion(
  table: ApiTable,
  api: ApiSchema,
  limits: { readonly minVersion?: number | undefined; readonly maxVersion?: number | undefined },
): number {
  const own = clientVersionsOf(api);
  const offered = table.versions.get(api.key);
  const first = Math.max(own.first, limits.minVersion ?? 0);
  const last = Math.min(own.last, limits.maxVersion ?? own.last);
  if (offered === undefined) {
    const message = `the broker has no ${api.name}: versions ${first} to ${last} are wanted`;
    throw new KafkaError("UNSUPPORTED_VERSION", message, { api: api.name });
  }
  const version = Math.min(last, offered.last);
  if (version >= Math.max(first, offered.first)) return version;
  const message =
    `${api.name} is wanted in versions ${first} to ${last}, ` +
    `the broker offers ${offered.first} to ${offered.last}`;
  throw new KafkaError("UNSUPPORTED_VERSION", message, { api: api.name });
}
