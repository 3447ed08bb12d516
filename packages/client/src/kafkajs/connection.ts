import type { Clock } from "@millrace/platform";
import type { Client } from "../main.ts";
import type { Logger } from "./logger.ts";
import type { RetryOptions } from "./types.ts";

/** What producer, consumer and admin of the facade are made with. */
export interface FacadeContext {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly retry: RetryOptions | undefined;
  /** Makes a client of its own for each: kafkajs's have connections of their own, too. */
  readonly open: (options: {
    readonly retry: RetryOptions | undefined;
    readonly metadataMaxAge: number | undefined;
  }) => Promise<Client>;
}
