import type { ClusterImage } from "@millrace/metadata";
import type { Logger } from "@millrace/platform";

import type { AuthorizerConfig } from "../../config/index.ts";
import type { Authorizer } from "./authorizer.ts";
import { StandardAuthorizer } from "./standard-authorizer.ts";

/** Makes the configured authorizer; undefined where everybody may do everything. */
export function createAuthorizer(
  config: AuthorizerConfig | undefined,
  world: { readonly image: () => ClusterImage; readonly logger: Logger },
): Authorizer | undefined {
  if (config === undefined) return undefined;
  const { image, logger } = world;
  return new StandardAuthorizer({
    ...config,
    image,
    logger: logger.child("kafka.authorizer.logger"),
  });
}
