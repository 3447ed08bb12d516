import { IoError } from "@millrace/platform";
import type { SimRandom } from "@millrace/platform/sim";
import { batchHeader } from "@millrace/protocol";
import { type AppendOrigin, LogDirectoryError, type PartitionLog } from "@millrace/storage";
import { type BatchMaker, producersOf } from "./batches.ts";
import type { Machine } from "./machine.ts";
import type { ModelBatch, ModelLog } from "./model-log.ts";
import { expect, Violation } from "./violation.ts";
import { verifyLog } from "./verify.ts";

/** What happened, for the figures of a run. */
export interface WorkCounts {
  appendCount: number;
  acknowledgedCount: number;
  readCount: number;
  truncationCount: number;
}

/** What the operations of a life work on. */
export interface WorkOptions {
  readonly machine: Machine;
  readonly models: readonly ModelLog[];
  readonly batches: BatchMaker;
  readonly random: SimRandom;
  readonly counts: WorkCounts;
}

type Act = (model: ModelLog, log: PartitionLog) => void | Promise<void>;

/** One of the things that brokers do, and how often against the others. */
interface Operation {
  readonly name: string;
  readonly weight: number;
  readonly act: Act;
}

/** Does what brokers do to logs, at random. Every promise made on the way goes into the models. */
export class Workload {
  readonly #options: WorkOptions;
  readonly #operations: readonly Operation[];
  readonly #weightSum: number;
  /** What went wrong where nobody waited. */
  #failure: Error | undefined;
  /** The disk is made to fail: refusals are right, acknowledgements are not. */
  #mayFail = false;

  constructor(options: WorkOptions) {
    this.#options = options;
    this.#operations = [
      { name: "produce", weight: 30, act: (model, log) => this.#produce(model, log, true) },
      {
        name: "produce with acks=1",
        weight: 12,
        act: (model, log) => this.#produce(model, log, false),
      },
      { name: "end transaction", weight: 8, act: (model, log) => this.#endTransaction(model, log) },
      { name: "resend", weight: 4, act: (model, log) => this.#resend(model, log) },
      { name: "wait", weight: 10, act: () => this.#wait() },
      { name: "begin epoch", weight: 3, act: (model, log) => this.#beginEpoch(model, log) },
      { name: "roll", weight: 2, act: (_model, log) => log.roll() },
      { name: "truncate", weight: 2, act: (model, log) => this.#truncate(model, log) },
      { name: "delete records", weight: 2, act: (model, log) => this.#deleteRecords(model, log) },
      { name: "retention", weight: 2, act: (model, log) => this.#applyRetention(model, log) },
      { name: "read", weight: 3, act: (model, log) => this.#read(model, log) },
      { name: "expire producers", weight: 1, act: (_model, log) => log.expireProducers() },
    ];
    this.#weightSum = this.#operations.reduce((sum, { weight }) => sum + weight, 0);
  }

  /** From now on operations may be refused: the disk has been made to fail. */
  expectFaults(): void {
    this.#mayFail = true;
  }

  /** The disk has room again: every log takes records as if nothing had been. */
  expectRecovery(): void {
    this.#mayFail = false;
    const { machine, models } = this.#options;
    for (const model of models) this.#produce(model, machine.findOrCreate(model), true);
  }

  /** One operation on one log. @throws SimCrash, Violation. */
  async step(): Promise<void> {
    const { machine, models, random } = this.#options;
    this.#noteRetention();
    const model = random.pick(models);
    const log = this.#findOrCreate(model);
    if (log === undefined) return machine.platform.clock.advance(1);
    let ticket = random.nextInt(this.#weightSum);
    for (const { name, weight, act } of this.#operations) {
      ticket -= weight;
      if (ticket >= 0) continue;
      machine.platform.world.events.add(`${name} ${model.name} end ${log.logEndOffset}`);
      try {
        await act(model, log);
      } catch (error) {
        if (!this.#mayFail || !(error instanceof IoError)) throw error;
      }
      break;
    }
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Retention runs by itself while time passes. */
  #noteRetention(): void {
    for (const model of this.#options.models) {
      const logStartOffset = this.#options.machine.find(model)?.logStartOffset ?? 0;
      if (logStartOffset <= model.logStartOffset) continue;
      const startMax = model.logStartOffsetMax;
      expect(
        logStartOffset <= startMax,
        `${model.name}: retention deleted up to ${logStartOffset}`,
      );
      model.logStartOffset = logStartOffset;
    }
  }

  #findOrCreate(model: ModelLog): PartitionLog | undefined {
    try {
      return this.#options.machine.findOrCreate(model);
    } catch (error) {
      const isFault = error instanceof IoError || error instanceof LogDirectoryError;
      if (!this.#mayFail || !isFault) throw error;
      return undefined;
    }
  }

  #produce(model: ModelLog, log: PartitionLog, awaitsSync: boolean): void {
    const { batches, machine, random } = this.#options;
    const nowMs = machine.platform.clock.nowMs();
    const count = random.happens(4) ? 1 + random.nextInt(8) : 1;
    for (let index = 0; index < count; index += 1) {
      const bytes = random.happens(3) ? batches.plain(nowMs) : batches.produced(model, nowMs);
      this.#append(model, log, { bytes, awaitsSync, origin: "client" });
    }
  }

  #endTransaction(model: ModelLog, log: PartitionLog): void {
    const { batches, machine } = this.#options;
    const bytes = batches.marker(model, machine.platform.clock.nowMs());
    if (bytes !== undefined)
      this.#append(model, log, { bytes, awaitsSync: true, origin: "coordinator" });
  }

  /** A client that got no answer sends the same batch again. */
  #resend(model: ModelLog, log: PartitionLog): void {
    const { random } = this.#options;
    const outlooks = [...producersOf(model.batches).values()];
    if (outlooks.length === 0) return;
    const batch = random.pick(outlooks).recent.at(-1);
    if (batch === undefined || batch.baseOffset < log.logStartOffset) return;
    const bytes = Buffer.from(batch.bytes);
    batchHeader.setBaseOffset(bytes, 0, 0);
    const outcome = log.append(bytes, this.#appendOptions(model, "client", true));
    if (outcome.kind === "refused" && this.#mayFail) return;
    expect(
      outcome.kind === "duplicate",
      `${model.name}: a batch sent again was ${JSON.stringify(outcome)}`,
    );
    expect(
      outcome.baseOffset === batch.baseOffset && outcome.lastOffset === batch.lastOffset,
      `${model.name}: a batch sent again is at ${outcome.baseOffset}, was at ${batch.baseOffset}`,
    );
    this.#acknowledgeLater(model, log, batch);
  }

  #append(
    model: ModelLog,
    log: PartitionLog,
    write: { readonly bytes: Buffer; readonly awaitsSync: boolean; readonly origin: AppendOrigin },
  ): void {
    const { bytes, awaitsSync, origin } = write;
    if (log.isOffline && this.#mayFail) return;
    model.inFlight = bytes;
    const outcome = log.append(bytes, this.#appendOptions(model, origin, awaitsSync));
    // What was refused because the disk failed in the middle of it may be there after all.
    if (outcome.kind !== "refused" || !log.isOffline) model.inFlight = undefined;
    if (outcome.kind === "refused" && (this.#mayFail || isForgotten(model, log, bytes))) return;
    expect(
      outcome.kind === "appended",
      `${model.name}: a right batch was ${JSON.stringify(outcome)}`,
    );
    this.#options.counts.appendCount += 1;
    const batch = model.append(bytes, awaitsSync);
    expect(batch.lastOffset === outcome.lastOffset, `${model.name}: a wrong last offset`);
    this.#advance(model, log);
    if (awaitsSync) this.#acknowledgeLater(model, log, batch);
  }

  #appendOptions(
    model: ModelLog,
    origin: AppendOrigin,
    awaitsSync: boolean,
  ): Parameters<PartitionLog["append"]>[1] {
    return { origin, leaderEpoch: model.leaderEpoch, awaitsSync };
  }

  #acknowledgeLater(model: ModelLog, log: PartitionLog, batch: ModelBatch): void {
    const { machine, counts } = this.#options;
    const generation = machine.disk.generation();
    const isAlive = (): boolean =>
      !machine.disk.hasCrashed() && machine.disk.generation() === generation;
    log.flush(batch.lastOffset + 1).then(
      () => {
        if (!isAlive()) return;
        model.acknowledge(batch);
        counts.acknowledgedCount += 1;
        this.#advance(model, log);
      },
      (error: unknown) => {
        if (isAlive() && !this.#mayFail) {
          this.#failure = new Violation(`${model.name}: a flush failed`, { cause: error });
        }
      },
    );
  }

  /** Moves the high watermark as the leader of a one-replica topic does. */
  #advance(model: ModelLog, log: PartitionLog): void {
    model.see(log.advanceHighWatermark(log.visibleEndOffset));
  }

  #wait(): Promise<void> {
    const { machine, random } = this.#options;
    const longMs = random.pick([1000, 10_000, 70_000]);
    return machine.platform.clock.advance(random.happens(8) ? longMs : random.nextInt(6));
  }

  #beginEpoch(model: ModelLog, log: PartitionLog): void {
    // Started in the log first: the model learns of it only from the batches.
    log.beginLeaderEpoch(model.leaderEpoch + 1);
    model.leaderEpoch += 1;
  }

  /** A follower that finds that it went another way than its new leader. */
  #truncate(model: ModelLog, log: PartitionLog): void {
    const { random, counts } = this.#options;
    const cuttable = model.batches.filter((batch) => batch.baseOffset > log.logStartOffset);
    if (cuttable.length === 0 || random.happens(2)) return;
    const { baseOffset } = random.pick(cuttable.slice(-6));
    if (log.isOffline) return;
    model.truncatingTo = baseOffset;
    log.truncateSuffix(baseOffset);
    model.truncatingTo = undefined;
    model.truncateSuffix(baseOffset);
    // A new leader writes in a new epoch: two batches of one offset and epoch are never different.
    this.#beginEpoch(model, log);
    counts.truncationCount += 1;
  }

  #deleteRecords(model: ModelLog, log: PartitionLog): void {
    const { random } = this.#options;
    const room = log.highWatermark - log.logStartOffset;
    if (room <= 0) return;
    const offset = log.logStartOffset + 1 + random.nextInt(Math.ceil(room / 2));
    model.logStartOffset = offset;
    const isDone = log.truncatePrefix(offset) || this.#mayFail;
    expect(isDone, `${model.name}: records up to ${offset} were not deleted`);
  }

  async #applyRetention(model: ModelLog, log: PartitionLog): Promise<void> {
    const { machine } = this.#options;
    const startMax = model.logStartOffsetMax;
    if (log.isOffline) return;
    await machine.settle(log.applyRetention());
    expect(log.logStartOffset <= startMax, `${model.name}: retention deleted too much`);
    model.logStartOffset = log.logStartOffset;
  }

  async #read(model: ModelLog, log: PartitionLog): Promise<void> {
    const { machine, random, counts } = this.#options;
    counts.readCount += 1;
    if (this.#mayFail) return;
    await verifyLog({ machine, model, log, random });
  }
}

/**
 * Whether all data of a batch's producer lies before the log's start: who replays the rest may know
 * the producer by a marker alone, and then refuses its next sequence as Kafka does.
 */
function isForgotten(model: ModelLog, log: PartitionLog, bytes: Buffer): boolean {
  const outlook = producersOf(model.batches).get(batchHeader.producerId(bytes, 0));
  const newest = outlook?.recent.at(-1);
  return newest !== undefined && newest.baseOffset < log.logStartOffset;
}
