import { IoError, MillraceError } from "@millrace/platform";
import { SimRandom } from "@millrace/platform/sim";
import { batchHeader, isBatchCrcValid } from "@millrace/protocol";
import { defaultLogConfig, type PartitionLog } from "@millrace/storage";
import { BatchMaker } from "./batches.ts";
import { dataDirectory, Machine } from "./machine.ts";
import { ModelLog } from "./model-log.ts";
import { expect, Violation } from "./violation.ts";
import { Workload } from "./workload.ts";

const stepCount = 40;
const headerSizeBytes = 61;

/** What became of a flipped bit. */
export type FlipOutcome =
  /** Nothing: every record was served as it was written. */
  | "harmless"
  /** A log or directory was refused, or an end was cut with a warning. */
  | "reported"
  /** The batch was served with a checksum that tells its reader. */
  | "checksum"
  /** Its offset changed, which no checksum covers in Kafka's format. */
  | "offset";

/** One bit flipped in one file of a stopped node; what its next start serves of it. */
export class FlipRun {
  readonly #random: SimRandom;
  readonly #machine: Machine;
  readonly #models = [0, 1].map(
    (partition) =>
      new ModelLog({
        topic: "flipped",
        partition,
        topicId: "AAAAAAAAAAAAAAAAAAAAAQ",
        retentionBytes: -1,
      }),
  );
  #flippedPath = "";

  constructor(seed: number) {
    this.#random = new SimRandom(seed);
    const config = { ...defaultLogConfig, segmentBytes: 5000, indexIntervalBytes: 500 };
    this.#machine = new Machine(seed, () => config);
  }

  /** Hears every event of the run. */
  observe(observer: (label: string) => void): void {
    this.#machine.platform.world.events.observer = observer;
  }

  /** Writes, stops, flips, starts, reads. @throws Violation when a wrong record was served. */
  async run(): Promise<FlipOutcome> {
    const random = this.#random;
    await this.#machine.start();
    const workload = new Workload({
      machine: this.#machine,
      models: this.#models,
      batches: new BatchMaker(random.fork()),
      random,
      counts: { appendCount: 0, acknowledgedCount: 0, readCount: 0, truncationCount: 0 },
    });
    for (let step = 0; step < stepCount; step += 1) await workload.step();
    if (random.happens(2)) await this.#machine.close();
    this.#machine.platform.restart("kill");
    this.#flip();
    try {
      await this.#machine.start();
    } catch (error) {
      if (!(error instanceof MillraceError) || error instanceof Violation) throw error;
      return "reported";
    }
    let outcome: FlipOutcome = "harmless";
    for (const model of this.#models) {
      const found = await this.#judge(model);
      if (found !== "harmless") outcome = found;
    }
    return outcome;
  }

  #flip(): void {
    const { fileSystem, world } = this.#machine.platform;
    const files = filesBelow(this.#machine, dataDirectory);
    // A kind first, so that the few checkpoints are hit as often as the many segments.
    const kinds = [...new Set(files.map(kindOf))];
    const kind = this.#random.pick(kinds);
    this.#flippedPath = this.#random.pick(files.filter((path) => kindOf(path) === kind));
    const sizeBytes = fileSystem.stat(this.#flippedPath)?.sizeBytes ?? 0;
    const position = this.#random.nextInt(sizeBytes);
    fileSystem.flipBit(this.#flippedPath, position, this.#random.nextInt(8));
    world.events.add(`flip ${this.#flippedPath} ${position}`);
  }

  async #judge(model: ModelLog): Promise<FlipOutcome> {
    const log = this.#machine.find(model);
    const { logLines } = this.#machine.platform;
    const wasReported = logLines.some((line) => line.level === "warn" || line.level === "error");
    if (log === undefined) {
      expect(wasReported || model.batches.length === 0, `${model.name} is gone without a word`);
      return "reported";
    }
    if (log.logEndOffset < model.endOffset) {
      expect(wasReported, `${model.name} ends at ${log.logEndOffset}, not ${model.endOffset}`);
    }
    return this.#readAll(model, log);
  }

  /** Reads from each batch on, as consumers do, and compares with what was written. */
  async #readAll(model: ModelLog, log: PartitionLog): Promise<FlipOutcome> {
    let outcome: FlipOutcome = log.logEndOffset < model.endOffset ? "reported" : "harmless";
    for (const [index, wanted] of model.batches.entries()) {
      if (wanted.lastOffset < log.logStartOffset || wanted.lastOffset >= log.logEndOffset) continue;
      const offset = Math.max(wanted.baseOffset, log.logStartOffset);
      const bytes = await this.#readOne(log, offset);
      if (bytes === undefined) {
        outcome = "reported";
        continue;
      }
      const expected = Buffer.concat(model.batches.slice(index).map((batch) => batch.bytes));
      if (isServedRight(bytes, expected)) continue;
      if (isOffsetWrong(bytes, model)) {
        outcome = "offset";
        continue;
      }
      expect(
        isTold(bytes, wanted.bytes),
        `${model.name}: another record is served at ${offset} after a bit of ` +
          `${this.#flippedPath} flipped`,
      );
      outcome = "checksum";
    }
    return outcome;
  }

  async #readOne(log: PartitionLog, offset: number): Promise<Buffer | undefined> {
    try {
      const pending = log.read({ offset, maxBytes: 1, minOneBatch: true, isolation: "end" });
      const read = pending instanceof Promise ? await this.#machine.settle(pending) : pending;
      if (read.kind === "refused") return undefined;
      const bytes = Buffer.concat(read.chunks);
      read.release();
      return bytes;
    } catch (error) {
      if (error instanceof Violation || !(error instanceof MillraceError)) throw error;
      if (error instanceof IoError) throw error;
      return undefined;
    }
  }
}

/** The leader epoch of a batch is outside of its checksum: nobody can tell that it changed. */
function isServedRight(bytes: Buffer, expected: Buffer): boolean {
  if (bytes.length < headerSizeBytes || bytes.length > expected.length) return false;
  const restored = Buffer.from(bytes);
  const epoch = batchHeader.partitionLeaderEpoch(expected, 0);
  batchHeader.setPartitionLeaderEpoch(restored, 0, epoch);
  return restored.equals(expected.subarray(0, bytes.length));
}

/**
 * The base offset of a batch is outside of its checksum, too: it may stand anywhere after the batch
 * before it, as batches do where compaction took others away.
 */
function isOffsetWrong(bytes: Buffer, model: ModelLog): boolean {
  if (bytes.length < headerSizeBytes) return false;
  const restored = Buffer.from(bytes);
  return model.batches.some(({ baseOffset }, index) => {
    batchHeader.setBaseOffset(restored, 0, baseOffset);
    const from = model.batches.slice(index).map((batch) => batch.bytes);
    return isServedRight(restored, Buffer.concat(from));
  });
}

/** Whether a client that checks what it gets sees it: no whole batch, or a wrong checksum. */
function isTold(bytes: Buffer, wanted: Buffer): boolean {
  if (bytes.length < headerSizeBytes) return true;
  const sizeBytes = batchHeader.sizeBytes(bytes, 0);
  if (sizeBytes !== wanted.length || sizeBytes > bytes.length) return true;
  return batchHeader.magic(bytes, 0) !== 2 || !isBatchCrcValid(bytes, 0);
}

function kindOf(path: string): string {
  return path.slice(path.lastIndexOf(path.includes(".") ? "." : "/"));
}

function filesBelow(machine: Machine, directory: string): readonly string[] {
  const { fileSystem } = machine.platform;
  return fileSystem.readDirectory(directory).flatMap(({ name, kind }) => {
    const path = `${directory}/${name}`;
    if (kind === "directory") return filesBelow(machine, path);
    return (fileSystem.stat(path)?.sizeBytes ?? 0) > 0 ? [path] : [];
  });
}
