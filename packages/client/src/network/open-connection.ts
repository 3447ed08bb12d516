import type { ApiTable } from "./api-table.ts";
import type { BrokerConnection } from "./broker-connection.ts";

/** A connection that is ready for requests. */
export interface OpenConnection {
  readonly connection: BrokerConnection;
  readonly table: ApiTable;
  /** When, by the monotonic clock, it has to be authenticated anew; infinite for never. */
  renewAtMs: number;
  /** Authenticates it anew and moves `renewAtMs`. */
  readonly renew: (open: OpenConnection) => Promise<void>;
}
