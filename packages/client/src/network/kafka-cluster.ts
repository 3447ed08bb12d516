import type { Platform } from "@millrace/platform";
import type { Cluster } from "../cluster.ts";
import type { ResolvedClientOptions } from "../options/resolved-options.ts";

/** Gives the `Cluster` that speaks to brokers; it connects when it is asked something. */
export function openCluster(platform: Platform, options: ResolvedClientOptions): Cluster {
  throw new Error(`not built yet: ${String(platform)} ${String(options)}`);
}
