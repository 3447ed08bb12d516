import { acts, boolean, int, list, long, password, string } from "../config-key.ts";
import { atLeast, between, listOf, oneOf } from "../validator.ts";

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
  "millrace.sasl.users.file": string(
    null,
    { importance: "medium", status: acts },
    "File with users for PLAIN, a line each: name=password, or name={SCRAM-SHA-256}… with a hash.",
  ),
  "millrace.scram.users": password(
    { importance: "medium", status: acts },
    "SCRAM users that a start adds if they are missing, as kafka-storage --add-scram takes them.",
  ),
  "millrace.sasl.oauthbearer.allowed.urls": list(
    [],
    { importance: "high", status: acts, validator: listOf() },
    "Addresses, exactly as written, that sasl.oauthbearer.jwks.endpoint.url may name; none without it.",
  ),
  "millrace.authentication.timeout.ms": int(
    30_000,
    { importance: "medium", status: acts, validator: atLeast(1) },
    "Milliseconds in which a connection must end its TLS handshake, and then its authentication.",
  ),
  "millrace.ssl.reload.interval.ms": int(
    10_000,
    { importance: "low", status: acts, validator: atLeast(0) },
    "Milliseconds between looks at whether certificate and key files changed, 0 for never.",
  ),
  "millrace.http.security.protocol": string(
    "PLAINTEXT",
    { importance: "medium", status: acts, validator: oneOf("PLAINTEXT", "SSL") },
    "Whether the HTTP port encrypts; its certificate is that of listener.name.http.ssl.…, or ssl.….",
  ),
  "millrace.http.users": password(
    { importance: "medium", status: acts },
    "Who may read the HTTP port, as name:password separated by commas; anybody without it.",
  ),
  "millrace.shutdown.timeout.ms": int(
    30_000,
    { importance: "low", status: acts, validator: atLeast(0) },
    "Most milliseconds that a stop waits for requests under way and for the disk.",
  ),
};
