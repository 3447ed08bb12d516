import { acts, int, list } from "../config-key.ts";
import { listOf } from "../validator.ts";

/** What a subscription to clients' metrics (KIP-714) can be configured with. */
export const clientMetricsKeys = {
  metrics: list(
    [],
    { importance: "medium", status: acts, validator: listOf() },
    "Prefixes of the metrics that clients shall send, or * for all of them.",
  ),
  "interval.ms": int(
    300000,
    { importance: "medium", status: acts },
    "Milliseconds between two reports of a client, from 100 to 3600000.",
  ),
  match: list(
    [],
    { importance: "medium", status: acts, validator: listOf() },
    "Which clients are asked, as name=pattern of client_id, client_software_name and others.",
  ),
};
