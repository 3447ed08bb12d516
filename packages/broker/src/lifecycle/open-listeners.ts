import type { Logger } from "@millrace/platform";

import type { BrokerConfig, ListenerConfig } from "../config/index.ts";
import { parseBasicUsers } from "../security/basic-authentication.ts";

/** Says loudly which listeners let anybody in who reaches them. */
export function warnOfOpenListeners(config: BrokerConfig, logger: Logger): void {
  for (const listener of config.listeners) {
    if (asksWho(listener) || isLoopback(listener.host)) continue;
    const { name, host = "every address", port } = listener;
    const what = "whoever reaches this listener may read, change and delete everything";
    const advice =
      "let it listen on 127.0.0.1, or give it SASL_SSL or SSL with ssl.client.auth=required";
    logger.warn(`NOT PROTECTED: ${what}`, { listener: name, host, port, advice });
  }
  const { millraceHttpHost: host, millraceHttpPort: port } = config;
  const isProtected = parseBasicUsers(config.millraceHttpUsers) !== undefined || port < 0;
  if (isProtected || isLoopback(host)) return;
  const advice = "set millrace.http.users, or millrace.http.host=127.0.0.1";
  logger.warn("NOT PROTECTED: whoever reaches this port may read the metrics", {
    host: host === "" ? "every address" : host,
    port,
    advice,
  });
}

/** Whether nobody gets in without saying who they are. */
function asksWho({ sasl, tls }: ListenerConfig): boolean {
  return sasl !== undefined || tls?.clientAuth === "required";
}

/** Whether only this machine reaches an address. */
export function isLoopback(host: string | undefined): boolean {
  return host === "localhost" || host === "::1" || host?.startsWith("127.") === true;
}
