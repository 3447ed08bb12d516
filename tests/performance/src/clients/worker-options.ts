import type { Percentiles } from "../load-client.ts";

/** What a run of a client is told. */
export interface WorkerOptions {
  readonly bootstrap: string;
  readonly topic: string;
  readonly groupId: string;
  /** Records of the measured part; of consumers: of all. */
  readonly count: number;
  /** Records before it: the engine compiles what it runs often. */
  readonly warmCount: number;
  /** Bytes of a value. */
  readonly size: number;
}

/** What a run gave. */
export interface WorkerResult {
  readonly records: number;
  readonly seconds: number;
  readonly clientCpuSeconds: number;
  /** The most that the process ever had resident. */
  readonly peakMegabytes?: number;
  readonly latencyMs?: Percentiles;
}
