import type { ClusterImage } from "@millrace/metadata";
import type { Counter, Logger, Metrics } from "@millrace/platform";

import type { AuthorizerConfig } from "../../config/index.ts";
import type { Authorizer } from "./authorizer.ts";
import { StandardAuthorizer } from "./standard-authorizer.ts";

const metricsPrefix = "kafka_server_authorizer_metrics";

/** Makes the configured authorizer; undefined where everybody may do everything. */
export function createAuthorizer(
  config: AuthorizerConfig | undefined,
  world: {
    readonly image: () => ClusterImage;
    readonly logger: Logger;
    readonly metrics: Metrics;
  },
): Authorizer | undefined {
  if (config === undefined) return undefined;
  const { image, logger, metrics } = world;
  const help = "Access control entries that are in force.";
  metrics.gauge({ name: `${metricsPrefix}_acls_total_count`, help }, () => image().acls.size);
  return new StandardAuthorizer({
    ...config,
    image,
    logger: logger.child("kafka.authorizer.logger"),
    countDenial: denialCounter(metrics),
  });
}

/** Counts denials by request; there are as many counters as APIs that were denied something. */
function denialCounter(metrics: Metrics): (apiName: string) => void {
  const counters = new Map<string, Counter>();
  return (apiName) => {
    let counter = counters.get(apiName);
    if (counter === undefined) {
      const name = `${metricsPrefix}_authorization_denied_total`;
      const help = "Operations on resources that were denied, by request.";
      counter = metrics.counter({ name, help, labels: { request: apiName } });
      counters.set(apiName, counter);
    }
    counter.add(1);
  };
}
