import fs from "node:fs";
import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Metrics } from "../metrics.ts";

const nanosecondsPerSecond = 1e9;

/**
 * Registers what the process costs, under the names that Prometheus client libraries use, and the
 * delay of the event loop since the last reading: one broker is one event loop.
 */
export function registerProcessMetrics(metrics: Metrics): void {
  const eventLoop = monitorEventLoopDelay({ resolution: 10 });
  eventLoop.enable();
  let delays = { p50: 0, p99: 0, max: 0 };
  const readDelays = (): void => {
    delays = {
      p50: eventLoop.percentile(50) / nanosecondsPerSecond,
      p99: eventLoop.percentile(99) / nanosecondsPerSecond,
      max: eventLoop.max / nanosecondsPerSecond,
    };
    eventLoop.reset();
  };
  gauge(metrics, "nodejs_eventloop_lag_p50_seconds", "Median delay of the event loop.", () => {
    readDelays();
    return delays.p50;
  });
  gauge(metrics, "nodejs_eventloop_lag_p99_seconds", "99th percentile delay.", () => delays.p99);
  gauge(metrics, "nodejs_eventloop_lag_max_seconds", "Longest delay.", () => delays.max);
  gauge(metrics, "process_resident_memory_bytes", "Resident memory.", () =>
    process.memoryUsage.rss(),
  );
  gauge(
    metrics,
    "nodejs_heap_size_used_bytes",
    "Live JavaScript heap.",
    () => process.memoryUsage().heapUsed,
  );
  gauge(
    metrics,
    "nodejs_external_memory_bytes",
    "Buffers outside the JavaScript heap.",
    () => process.memoryUsage().external,
  );
  gauge(metrics, "process_cpu_seconds_total", "CPU time, user and system.", () => {
    const usage = process.cpuUsage();
    return (usage.user + usage.system) / 1e6;
  });
  gauge(metrics, "process_open_fds", "Open file descriptors.", countOpenDescriptors);
  const startSeconds = (Date.now() - performance.now()) / 1000;
  gauge(metrics, "process_start_time_seconds", "Start, since the epoch.", () => startSeconds);
}

function gauge(metrics: Metrics, name: string, help: string, read: () => number): void {
  metrics.gauge({ name, help }, read);
}

function countOpenDescriptors(): number {
  try {
    return fs.readdirSync("/proc/self/fd").length;
  } catch {
    // Only Linux lists them there; elsewhere the metric says that it does not know.
    return Number.NaN;
  }
}
