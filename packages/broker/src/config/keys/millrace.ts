import { acts, boolean, int, long, string } from "../config-key.ts";
import { atLeast, between } from "../validator.ts";

/** What Kafka has no configuration for. */
export const millraceKeys = {
  "millrace.acks.all.fsync.enable": boolean(
    true,
    { importance: "high", status: acts, updateMode: "cluster-wide" },
    "Whether acks=all on a topic with one replica is answered only after the records are on disk.",
  ),
  "millrace.recent.batch.cache.bytes": long(
    67_108_864,
    { importance: "medium", status: acts, validator: atLeast(0) },
    "Bytes of memory for the newest batches, from which consumers at the end of the log are served.",
  ),
  "millrace.http.host": string(
    "127.0.0.1",
    { importance: "medium", status: acts },
    "Address that serves /metrics, /livez and /readyz; every address when empty.",
  ),
  "millrace.http.port": int(
    9464,
    { importance: "medium", status: acts, validator: between(-1, 65_535) },
    "Port that serves /metrics, /livez and /readyz, 0 for a free one, -1 for none.",
  ),
  "millrace.shutdown.timeout.ms": int(
    30_000,
    { importance: "low", status: acts, validator: atLeast(0) },
    "Most milliseconds that a stop waits for requests under way and for the disk.",
  ),
};
