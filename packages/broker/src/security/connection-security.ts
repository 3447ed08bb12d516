import type { Clock, Logger, Metrics } from "@millrace/platform";

import type { BrokerConfig, ListenerConfig } from "../config/index.ts";
import type { ListenerSaslConfig } from "../config/security-config.ts";
import type { FrameDispatcher } from "../server/answer.ts";
import type { ConnectionOrigin } from "../server/socket-server.ts";
import { type AuthenticationMetrics, authenticationMetrics } from "./authentication-metrics.ts";
import type { BrokerSecurity } from "./broker-security.ts";
import { CertificateDispatcher } from "./certificate-dispatcher.ts";
import { type IdentifiedDispatcher, SaslDispatcher } from "./sasl/sasl-dispatcher.ts";
import { SaslSession } from "./sasl/sasl-session.ts";

/** What connections are let in with. */
export interface ConnectionSecurityOptions {
  readonly config: () => BrokerConfig;
  readonly security: BrokerSecurity;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** Puts before a connection's dispatcher whatever its listener asks of clients. */
export class ConnectionSecurity {
  readonly #options: ConnectionSecurityOptions;
  readonly #metrics = new Map<string, AuthenticationMetrics>();

  constructor(options: ConnectionSecurityOptions) {
    this.#options = options;
  }

  /** The listener that a connection came over, as it is configured now. */
  listenerOf(origin: ConnectionOrigin): ListenerConfig | undefined {
    return this.#options.config().listeners.find(({ name }) => name === origin.listenerName);
  }

  /** @param inner what answers a client that is known; on an open listener that is everybody. */
  guard(
    inner: IdentifiedDispatcher,
    origin: ConnectionOrigin,
    listener: ListenerConfig | undefined,
  ): FrameDispatcher {
    const sasl = listener?.sasl;
    if (sasl !== undefined) return this.#saslDispatcher(inner, origin, sasl);
    const tls = listener?.tls;
    if (tls === undefined || tls.clientAuth === "none") return inner;
    return new CertificateDispatcher({
      inner,
      mapping: tls.principalMapping,
      peerCertificate: origin.peerCertificate,
      metrics: this.#metricsOf(origin.listenerName),
    });
  }

  #saslDispatcher(
    inner: IdentifiedDispatcher,
    origin: ConnectionOrigin,
    sasl: ListenerSaslConfig,
  ): SaslDispatcher {
    const { security, clock, logger } = this.#options;
    const config = this.#options.config();
    return new SaslDispatcher({
      session: new SaslSession({
        mechanisms: sasl.mechanisms,
        createServer: (mechanism) => security.serverOf(mechanism, sasl),
        maxReauthMs: (mechanism) => sasl.maxReauthMs.get(mechanism) ?? 0,
        nowMs: () => clock.nowMs(),
      }),
      mechanisms: sasl.mechanisms,
      inner,
      clock,
      logger,
      metrics: this.#metricsOf(origin.listenerName),
      remoteHost: origin.remoteHost,
      limits: {
        frameBytesMax: sasl.receiveBytesMax,
        timeoutMs: config.millraceAuthenticationTimeoutMs,
        failureDelayMs: config.connectionFailedAuthenticationDelayMs,
      },
    });
  }

  #metricsOf(listenerName: string): AuthenticationMetrics {
    const known = this.#metrics.get(listenerName);
    if (known !== undefined) return known;
    const made = authenticationMetrics(this.#options.metrics, listenerName);
    this.#metrics.set(listenerName, made);
    return made;
  }
}
