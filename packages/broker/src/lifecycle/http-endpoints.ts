import { NetworkError, type Platform } from "@millrace/platform";

import type { BrokerConfig } from "../config/index.ts";
import { isBasicUser, parseBasicUsers } from "../security/basic-authentication.ts";
import { readTlsOptions } from "../security/tls-options.ts";
import { HttpServer, plain } from "../server/http-server.ts";

/** The format that Prometheus reads. */
const expositionType = "text/plain; version=0.0.4; charset=utf-8";

/** What is asked for an answer. */
export interface HttpSources {
  readonly isReady: () => boolean;
  /** What clients have pushed, in Prometheus' text format. */
  readonly clientMetrics: () => string;
}

/**
 * Serves `/metrics`, `/livez` and `/readyz`, once the Kafka port is open. A port that is taken is
 * reported and does not stop the broker: nobody's records depend on it.
 */
export async function startHttp(
  platform: Platform,
  config: BrokerConfig,
  sources: HttpSources,
): Promise<HttpServer | undefined> {
  const port = config.millraceHttpPort;
  if (port < 0) return undefined;
  const users = parseBasicUsers(config.millraceHttpUsers);
  const { httpTls } = config;
  const { fileSystem } = platform;
  const handshakeTimeoutMs = config.millraceAuthenticationTimeoutMs;
  const server = new HttpServer({
    network: platform.network,
    clock: platform.clock,
    host: config.millraceHttpHost,
    port,
    tls:
      httpTls === undefined ? undefined : readTlsOptions(httpTls, fileSystem, handshakeTimeoutMs),
    // Probes know no passwords, and tell nothing worth one.
    mayRead: (path, authorization) =>
      users === undefined || path !== "/metrics" || isBasicUser(authorization, users),
    routes: {
      "/metrics": () => ({
        status: 200,
        contentType: expositionType,
        body: platform.metrics.exposition() + sources.clientMetrics(),
      }),
      "/livez": () => plain(200, "ok\n"),
      "/readyz": () => (sources.isReady() ? plain(200, "ok\n") : plain(503, "stopping\n")),
    },
  });
  try {
    await server.start();
    return server;
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error;
    const advice = "set millrace.http.port to a free port, or to -1 for none";
    platform.logger.warn("metrics are not served", { port, reason: error.message, advice });
    return undefined;
  }
}
