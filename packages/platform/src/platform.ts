import type { Clock } from "./clock.ts";
import type { FileSystem } from "./file-system.ts";
import type { HttpClient, HttpPoster } from "./http-client.ts";
import type { Logger, LogLevels } from "./logger.ts";
import type { Metrics } from "./metrics.ts";
import type { Network } from "./network.ts";
import type { Offload } from "./offload.ts";
import type { Random } from "./random.ts";

/** The world as the code sees it, passed once from where the process is composed. */
export interface Platform {
  readonly clock: Clock;
  readonly fileSystem: FileSystem;
  readonly network: Network;
  readonly http: HttpClient & HttpPoster;
  readonly random: Random;
  readonly offload: Offload;
  readonly logger: Logger;
  readonly logLevels: LogLevels;
  readonly metrics: Metrics;
}
