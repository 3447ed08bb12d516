import type { LogFormat } from "../log-line.ts";
import type { LogLevel } from "../logger.ts";
import { LoggerTree } from "../logger-tree.ts";
import { MetricsRegistry } from "../metrics-registry.ts";
import type { Platform } from "../platform.ts";
import { NodeClock } from "./clock.ts";
import { NodeFileSystem } from "./file-system.ts";
import { NodeHttpClient } from "./http-client.ts";
import { createLogWriter } from "./log-writer.ts";
import { NodeNetwork } from "./network.ts";
import { NodeOffload } from "./offload.ts";
import { registerProcessMetrics } from "./process-metrics.ts";
import { NodeRandom } from "./random.ts";

/** What libuv takes when UV_THREADPOOL_SIZE is not set. */
const threadPoolSizeDefault = 4;

/** What differs between processes; everything has a default. */
export interface NodePlatformOptions {
  /** `info` when not given. */
  readonly logLevel?: LogLevel;
  /** `pretty` on a terminal, else `json`, when not given. */
  readonly logFormat?: LogFormat;
  /** File descriptor of the log; 1, standard output, when not given. */
  readonly logDescriptor?: number;
  /** Entry point of the worker, for a bundle: a module that calls `serveOffloadTasks`. */
  readonly offloadWorkerUrl?: URL;
  /** Memory, CPU and event-loop delay of the process as metrics; on when not given. */
  readonly hasProcessMetrics?: boolean;
}

/** Gives the real world. */
export function nodePlatform(options: NodePlatformOptions = {}): Platform {
  const clock = new NodeClock();
  const metrics = new MetricsRegistry(() => clock.monotonicMs());
  if (options.hasProcessMetrics ?? true) registerProcessMetrics(metrics);
  const logs = createLogs(options, clock);
  const fileSystem = new NodeFileSystem({ syncConcurrencyMax: syncConcurrencyMax() });
  const { offloadWorkerUrl } = options;
  return {
    clock,
    fileSystem,
    network: new NodeNetwork({ mustYield: () => fileSystem.isSyncing() }),
    http: new NodeHttpClient(),
    random: new NodeRandom(),
    offload: new NodeOffload(offloadWorkerUrl === undefined ? {} : { workerUrl: offloadWorkerUrl }),
    logger: logs.root,
    logLevels: logs,
    metrics,
  };
}

function createLogs(options: NodePlatformOptions, clock: NodeClock): LoggerTree {
  const descriptor = options.logDescriptor ?? 1;
  const isTerminal = descriptor === 1 ? process.stdout.isTTY : process.stderr.isTTY;
  const format = options.logFormat ?? (isTerminal ? "pretty" : "json");
  const hasColors = isTerminal && process.env["NO_COLOR"] === undefined;
  const write = createLogWriter({ descriptor, format, hasColors });
  return new LoggerTree({ clock, level: options.logLevel ?? "info", write });
}

/** Half of the thread pool, so that cold reads and host names never wait for a slow disk. */
function syncConcurrencyMax(): number {
  const poolSize = Number(process.env["UV_THREADPOOL_SIZE"] ?? threadPoolSizeDefault);
  return Math.max(
    1,
    Math.floor((Number.isInteger(poolSize) ? poolSize : threadPoolSizeDefault) / 2),
  );
}
