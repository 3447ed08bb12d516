import type { Platform } from "@millrace/platform";

import type { ApiTable } from "../api/api-table.ts";
import type { BrokerConfig, ListenerConfig } from "../config/index.ts";
import { ConnectionSecurity } from "../security/connection-security.ts";
import { anonymous } from "../security/principal.ts";
import type { ConnectionLimits } from "../server/client-connection.ts";
import type { ConnectionQuotaLimits } from "../server/connection-quota.ts";
import type { ListenerLimits } from "../server/listener-quota.ts";
import { RequestDispatcher } from "../server/request-dispatcher.ts";
import { LimitedLogger } from "../server/limited-logger.ts";
import { RequestMetrics } from "../server/request-metrics.ts";
import { SocketServer } from "../server/socket-server.ts";
import type { BrokerServices } from "../services.ts";

/** What the clients' side of a broker is made of. */
export interface SocketServerParts {
  readonly platform: Platform;
  readonly services: BrokerServices;
  readonly table: ApiTable;
}

/** Requests of one connection that may wait for their answers; producers have five in flight. */
const requestsInFlightMax = 64;

/** Unsent answer bytes of one connection above which its next request waits. */
const queuedAnswerBytesMax = 2 * 1024 * 1024;

/** Receive buffers kept for the next large frame. */
const pooledBytesMax = 32 * 1024 * 1024;

/** What requests may take while their bytes come in, over all connections. */
const frameMemoryBytesMax = 256 * 1024 * 1024;

/** The same for all who have to authenticate and have not: a token has some hundred bytes. */
const strangersFrameMemoryBytesMax = 16 * 1024 * 1024;

/** What requests may take while they are handled, by their handlers' estimates. */
const requestMemoryBytesMax = 256 * 1024 * 1024;

/** Makes the server of a broker's listeners; nothing is bound yet. */
export function createSocketServer({ platform, services, table }: SocketServerParts): SocketServer {
  const config = services.config();
  const metrics = new RequestMetrics(platform.metrics, table);
  const { clock } = platform;
  const logger = new LimitedLogger(platform.logger.child("kafka.network.SocketServer"), clock);
  const guards = new ConnectionSecurity({
    config: services.config,
    security: services.security,
    clock,
    logger,
    metrics: platform.metrics,
  });
  const server = new SocketServer({
    network: platform.network,
    clock: platform.clock,
    logger,
    limits: limitsOf(config),
    quota: quotaOf(config),
    idleMsMax: config.connectionsMaxIdleMs,
    pooledBytesMax,
    frameMemoryBytesMax,
    strangersFrameMemoryBytesMax,
    requestMemoryBytesMax,
    answers: services.answers,
    connectionRates: services.quotas.connectionRates,
    backlog: config.socketListenBacklogSize,
    dispatcherFor: (origin) => {
      const listener = guards.listenerOf(origin);
      const { listenerName, remoteHost, remotePort } = origin;
      const securityProtocol = listener?.securityProtocol ?? "PLAINTEXT";
      const dispatcher = new RequestDispatcher({
        table,
        services,
        client: { listenerName, remoteHost, remotePort, securityProtocol, principal: anonymous },
        metrics,
        clock: platform.clock,
        logger: services.logger,
      });
      return guards.guard(dispatcher, origin, listener);
    },
  });
  services.dynamicConfig.onChange((current) => {
    server.updateQuota(quotaOf(current));
    for (const listener of current.listeners) {
      server.updateListenerLimits(listener.name, listenerLimitsOf(listener));
    }
  });
  return server;
}

/** What one listener lets in, besides what the broker does. */
export function listenerLimitsOf(listener: ListenerConfig): ListenerLimits {
  const { maxConnections, maxConnectionCreationRate } = listener;
  return {
    connectionsMax: maxConnections,
    connectionsPerSecondMax: maxConnectionCreationRate,
  };
}

function limitsOf(config: BrokerConfig): ConnectionLimits {
  return { frameBytesMax: config.socketRequestMaxBytes, requestsInFlightMax, queuedAnswerBytesMax };
}

function quotaOf(config: BrokerConfig): ConnectionQuotaLimits {
  return {
    connectionsMax: config.maxConnections,
    connectionsPerHostMax: config.maxConnectionsPerIp,
    overridesByHost: config.maxConnectionsPerIpOverrides,
    connectionsPerSecondMax: config.maxConnectionCreationRate,
  };
}
