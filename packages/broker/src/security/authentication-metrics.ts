import type { Metrics } from "@millrace/platform";

/** Counts of one listener's authentications. */
export interface AuthenticationMetrics {
  succeeded(): void;
  failed(): void;
  /** A connection did not authenticate again and was closed. */
  expired(): void;
}

/** Counts a listener's authentications under Kafka's names. */
export function authenticationMetrics(metrics: Metrics, listener: string): AuthenticationMetrics {
  const prefix = "kafka_server_socket_server_metrics";
  const counter = (name: string, help: string): (() => void) => {
    const options = { name: `${prefix}_${name}`, help, labels: { listener } };
    const made = metrics.counter(options);
    return () => made.add(1);
  };
  return {
    succeeded: counter("successful_authentication_total", "Authentications that succeeded."),
    failed: counter("failed_authentication_total", "Authentications that failed."),
    expired: counter("expired_connections_killed_count", "Sessions that ended and were closed."),
  };
}
