import process from "node:process";
import type { WorkerResult } from "./worker-options.ts";

/** Measures from when it is made: time, and CPU of this process. */
export class Meter {
  readonly #began = performance.now();
  readonly #cpu = process.cpuUsage();

  /** What was used until now, by so many records. */
  result(records: number): WorkerResult {
    const seconds = (performance.now() - this.#began) / 1000;
    const { user, system } = process.cpuUsage(this.#cpu);
    const peakMegabytes = (process.resourceUsage().maxRSS * 1024) / 1e6;
    return { records, seconds, clientCpuSeconds: (user + system) / 1e6, peakMegabytes };
  }
}
