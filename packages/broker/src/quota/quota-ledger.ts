import type { Clock } from "@millrace/platform";

import type { ClientUsage, RateKind } from "./client-usage.ts";
import type { SampleWindows } from "./sampled-sum.ts";

/** A kind of quota of users and client ids, in Kafka's names of its metrics. */
export type QuotaKind = RateKind | "ControllerMutation";

/** Who sends a request, as quotas see it. */
export interface QuotaClient {
  readonly user: string;
  readonly clientId: string;
}

/** A limit that counts for a client, and what it has used of it. */
export interface LimitedUsage {
  readonly limit: number;
  readonly usage: ClientUsage;
}

/** Where requests are counted. */
export interface QuotaLedger {
  readonly clock: Clock;
  /** `quota.window.num` samples of `quota.window.size.seconds`. */
  readonly windows: SampleWindows;
  /** What counts for a client; undefined where it is not limited. */
  limited(kind: QuotaKind, client: QuotaClient): LimitedUsage | undefined;
}
