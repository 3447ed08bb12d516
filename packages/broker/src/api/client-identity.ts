import type { RequestContext } from "./request-context.ts";

/** Who a group's member is, as groups are described: the address in Java's form, with a slash. */
export function clientIdentity(context: RequestContext): {
  readonly clientId: string;
  readonly clientHost: string;
} {
  return { clientId: context.clientId ?? "", clientHost: `/${context.client.remoteHost}` };
}
