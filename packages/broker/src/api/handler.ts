import type { ApiSchema, RequestOf, ResponseInput } from "@millrace/protocol";

import type { RequestContext } from "./request-context.ts";

/** One API key: what it is, which versions are served, and what it does. */
export interface Handler<Api extends ApiSchema = ApiSchema> {
  readonly api: Api;
  /** The versions served, as `0-2` or `0`: those of Apache Kafka 4.3.1. */
  readonly versions: string;
  /**
   * The request's `bytes` and `records` are views of the connection's memory, valid until `handle`
   * first waits. Without it they are views of a copy that the handler may keep.
   */
  readonly borrowsBytes?: true;
  /** May begin while an earlier request of the connection with this mark only waits. */
  readonly overlaps?: true;
  /** Checks, authorises, calls one domain object, shapes the answer. */
  handle(
    request: RequestOf<Api>,
    context: RequestContext,
  ): ResponseInput<Api> | Promise<ResponseInput<Api>>;
}
