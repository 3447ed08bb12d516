import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";
import type { Percentiles, LoadClient } from "../load-client.ts";
import { residentMegabytes } from "../process-usage.ts";
import type { ClientName, ClientRow } from "./client-rows.ts";
import type { WorkerOptions, WorkerResult } from "./worker-options.ts";

/** What one run of one client gave. */
export interface ClientSample {
  readonly recordsPerSecond: number;
  readonly cpuSecondsPerMillion: number;
  /** The share of its core that the client used. */
  readonly load: number;
  readonly residentMegabytes: number;
  readonly latencyMs?: Percentiles;
}

/** Where clients run, and what they speak to. */
export interface ClientPlace {
  readonly core: string;
  readonly bootstrap: string;
  readonly topic: string;
  readonly groupId: string;
  readonly loadClient: LoadClient;
}

/** How often the memory of a client is looked at. */
const LOOK_MS = 50;
/** A client that hangs is a finding, not a reason to wait for ever. */
const LIMIT_SECONDS = 120;

/** Runs a client's part of a row in a process of its own. @throws when it fails */
export async function runClient(
  name: ClientName,
  row: ClientRow,
  place: ClientPlace,
): Promise<ClientSample> {
  if (name === "librdkafka") return runLibrdkafka(row, place);
  const { core, bootstrap, topic, groupId } = place;
  const count = row.count[name];
  const warmCount = Math.floor(count / 5);
  const options: WorkerOptions = { bootstrap, topic, groupId, count, warmCount, size: row.size };
  const worker = path.join(import.meta.dirname, "worker", "main.ts");
  const command = ["--no-warnings", worker, name, row.action, JSON.stringify(options)];
  const environment = { ...process.env, NODE_OPTIONS: "--conditions=@millrace/source" };
  const child = spawn(
    "taskset",
    ["-c", core, "timeout", String(LIMIT_SECONDS), process.execPath, ...command],
    { stdio: ["ignore", "pipe", "inherit"], env: environment },
  );
  const output = await outputOf(child);
  const result = JSON.parse(output) as WorkerResult;
  return sampleOf(result, result.peakMegabytes ?? Number.NaN);
}

async function runLibrdkafka(row: ClientRow, place: ClientPlace): Promise<ClientSample> {
  const { bootstrap: brokers, topic, loadClient } = place;
  const command = row.reads ? "consume" : "produce";
  const running = loadClient.start(command, {
    brokers,
    topic,
    count: row.count.librdkafka,
    size: row.size,
    ...row.load,
  });
  let peak = 0;
  const look = setInterval(() => {
    peak = Math.max(peak, peakOf(running.pid));
  }, LOOK_MS);
  try {
    return sampleOf(await running.result, peak);
  } finally {
    clearInterval(look);
  }
}

/** The most that a process ever had resident; 0 when it has ended. */
function peakOf(pid: number | undefined): number {
  try {
    return pid === undefined ? 0 : residentMegabytes(pid).peak || 0;
  } catch {
    return 0;
  }
}

function sampleOf(result: WorkerResult, peakMegabytes: number): ClientSample {
  const { records, seconds, clientCpuSeconds, latencyMs } = result;
  return {
    recordsPerSecond: records / seconds,
    cpuSecondsPerMillion: (clientCpuSeconds / records) * 1e6,
    load: clientCpuSeconds / seconds,
    residentMegabytes: peakMegabytes,
    ...(latencyMs === undefined ? {} : { latencyMs }),
  };
}

function outputOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = "";
    child.stdout?.on("data", (bytes: Buffer) => {
      output += bytes.toString();
    });
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve(output);
      else reject(new Error(`${child.spawnargs.join(" ")} ended with ${code}`));
    });
  });
}
