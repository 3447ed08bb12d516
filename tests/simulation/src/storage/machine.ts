import { SimCrash, type SimPlatform, simPlatform } from "@millrace/platform/sim";
import {
  createLogEnvironment,
  type LogConfig,
  LogDirectories,
  type PartitionLog,
  type ReadIsolation,
} from "@millrace/storage";
import type { ModelLog } from "./model-log.ts";
import { expect } from "./violation.ts";

/** Where the simulated node keeps its logs. */
export const dataDirectory = "/data";

/** Longer than any operation of a log takes on the simulated disk; beyond it something hangs. */
const settleMsMax = 120_000;

/** A simulated machine with the logs of one node on it. */
export class Machine {
  readonly platform: SimPlatform;
  readonly #configOf: (topic: string) => LogConfig;
  /** Why the log directory is offline. */
  diskFailure: unknown;
  #logs: LogDirectories | undefined;

  constructor(seed: number, configOf: (topic: string) => LogConfig) {
    this.platform = simPlatform({ seed });
    // An operator made the folder long ago.
    this.platform.fileSystem.makeDirectory(dataDirectory);
    this.platform.fileSystem.syncDirectory("/");
    this.#configOf = configOf;
  }

  get disk(): SimPlatform["fileSystem"]["disk"] {
    return this.platform.fileSystem.disk;
  }

  get logs(): LogDirectories {
    expect(this.#logs !== undefined, "the machine is not running");
    return this.#logs;
  }

  /** Starts a process: loads what the disk holds. */
  async start(): Promise<void> {
    const { random } = this.platform;
    // Small limits: files are closed and opened again, and reads go past the memory to the disk.
    const environment = createLogEnvironment(this.platform, {
      openFilesMax: 4 + random.nextInt(60),
      recentBatchesBytesMax: random.pick([0, 3000, 1_000_000]),
      coldReadBytesMax: random.pick([1000, 100_000]),
      // Recovery goes the way of large logs: through a task, its input and result cloned.
      inlineScanBytesMax: 0,
    });
    const logs = LogDirectories.open(environment, {
      paths: [dataDirectory],
      onFailure: (_directory, error) => {
        this.diskFailure = error;
      },
    });
    const recoveriesPerDirectory = 1 + random.nextInt(3);
    const loading = logs.load({ configOf: this.#configOf, recoveriesPerDirectory });
    const report = await this.settle(loading);
    const failure = report.failures[0];
    if (failure !== undefined) throw failure.error;
    logs.start();
    this.#logs = logs;
  }

  /** Ends the process as an operator does. */
  async close(): Promise<void> {
    await this.settle(this.logs.close({ brokerEpoch: 7 }));
  }

  /** The log of a model; undefined when it was not found on the disk. */
  find(model: ModelLog): PartitionLog | undefined {
    return this.logs.log({ topic: model.topic, partition: model.partition });
  }

  /** The log of a model, made when absent, as a broker does that learns of a replica. */
  findOrCreate(model: ModelLog): PartitionLog {
    const { topic, partition, topicId } = model;
    const config = this.#configOf(topic);
    const log = this.find(model) ?? this.logs.create({ topic, partition, topicId, config });
    log.assignTopicId(topicId);
    return log;
  }

  /** Lets time pass until a promise settles. @throws SimCrash when the machine stops first. */
  async settle<Result>(pending: Promise<Result>): Promise<Result> {
    let isDone = false;
    const note = (): void => {
      isDone = true;
    };
    pending.then(note, note);
    await this.platform.clock.runUntil(() => isDone || this.disk.hasCrashed(), settleMsMax);
    if (this.disk.hasCrashed()) throw new SimCrash();
    expect(isDone, "an operation did not end");
    return pending;
  }

  /** Reads all batches between two offsets, as a consumer that starts at `offset` gets them. */
  async read(
    log: PartitionLog,
    range: {
      readonly offset: number;
      readonly isolation: ReadIsolation;
      readonly maxBytes: number;
    },
  ): Promise<Buffer> {
    const parts: Buffer[] = [];
    let { offset } = range;
    for (;;) {
      const { isolation, maxBytes } = range;
      const pending = log.read({ offset, maxBytes, minOneBatch: true, isolation });
      const outcome = pending instanceof Promise ? await this.settle(pending) : pending;
      expect(outcome.kind === "read", `${log.path}: reading at ${offset} was refused`);
      for (const chunk of outcome.chunks) parts.push(Buffer.from(chunk));
      const { endOffset } = outcome;
      outcome.release();
      if (endOffset === offset) return Buffer.concat(parts);
      expect(endOffset > offset, `${log.path}: a read at ${offset} ended at ${endOffset}`);
      offset = endOffset;
    }
  }
}
