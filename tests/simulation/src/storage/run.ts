import { SimCrash, SimRandom } from "@millrace/platform/sim";
import { defaultLogConfig, type LogConfig } from "@millrace/storage";
import { BatchMaker } from "./batches.ts";
import { type FaultKind, LifeFaults } from "./faults.ts";
import { Machine } from "./machine.ts";
import { ModelLog } from "./model-log.ts";
import { type Ending, verifyStart } from "./verify.ts";
import { expect, Violation } from "./violation.ts";
import { Workload, type WorkCounts } from "./workload.ts";

/** Lives of one simulated machine; each but the first begins with a recovery. */
const livesPerRun = 6;
const stepsPerLifeMax = 60;

/** From the mildest to the worst. */
const endings: readonly Ending[] = ["close", "kill", "powerLoss"];

/** What one run came to. */
export interface RunReport {
  /** How often the machine stopped in the middle of something, with its memory or without. */
  readonly killCount: number;
  readonly powerLossCount: number;
  readonly closeCount: number;
  readonly faultCounts: ReadonlyMap<FaultKind, number>;
  readonly counts: WorkCounts;
  /** Sums up all events: the same seed gives the same. */
  readonly eventHash: string;
}

const retentionBytes = 9000;
const topicIds = { kept: "AAAAAAAAAAAAAAAAAAAAAQ", short: "AAAAAAAAAAAAAAAAAAAAAg" } as const;

/** Small segments and indexes, so that everything happens within a few batches. */
const configs: Readonly<Record<string, LogConfig>> = {
  kept: { ...defaultLogConfig, segmentBytes: 6000, indexIntervalBytes: 700, segmentIndexBytes: 64 },
  short: {
    ...defaultLogConfig,
    segmentBytes: 3000,
    indexIntervalBytes: 300,
    preallocate: true,
    retentionBytes,
    fileDeleteDelayMs: 1000,
  },
};

/** The lives of one machine, repeated by its seed. @throws Violation when a promise was broken. */
export class StorageRun {
  readonly #random: SimRandom;
  readonly #machine: Machine;
  readonly #batches: BatchMaker;
  readonly #models = [
    new ModelLog({ topic: "kept", partition: 0, topicId: topicIds.kept, retentionBytes: -1 }),
    new ModelLog({ topic: "short", partition: 0, topicId: topicIds.short, retentionBytes }),
    new ModelLog({ topic: "short", partition: 1, topicId: topicIds.short, retentionBytes }),
  ];
  readonly #counts: WorkCounts = {
    appendCount: 0,
    acknowledgedCount: 0,
    readCount: 0,
    truncationCount: 0,
  };
  readonly #faultCounts = new Map<FaultKind, number>();
  readonly #endings: Record<Ending, number> = { kill: 0, powerLoss: 0, close: 0 };
  #ending: Ending = "close";

  constructor(seed: number) {
    this.#random = new SimRandom(seed);
    this.#batches = new BatchMaker(this.#random.fork());
    this.#machine = new Machine(seed, (topic) => configs[topic] ?? defaultLogConfig);
  }

  /** Lets the disk claim syncs that it does not do: a run that notices nothing checks nothing. */
  useLyingDisk(): void {
    this.#machine.disk.isLying = true;
  }

  /** Hears every event of the run. */
  observe(observer: (label: string) => void): void {
    this.#machine.platform.world.events.observer = observer;
  }

  /** Runs all lives. */
  async run(): Promise<RunReport> {
    for (let life = 0; life < livesPerRun; life += 1) {
      const ending = await this.#live(life);
      this.#endings[ending] += 1;
      // A stop inside a recovery comes on top of the one that it was to recover from.
      if (endings.indexOf(ending) > endings.indexOf(this.#ending)) this.#ending = ending;
      this.#machine.platform.restart(ending === "powerLoss" ? "powerLoss" : "kill");
    }
    return {
      killCount: this.#endings.kill,
      powerLossCount: this.#endings.powerLoss,
      closeCount: this.#endings.close,
      faultCounts: this.#faultCounts,
      counts: this.#counts,
      eventHash: this.#machine.platform.world.events.value(),
    };
  }

  async #live(life: number): Promise<Ending> {
    const { disk } = this.#machine;
    const faults = new LifeFaults(this.#machine, this.#random);
    this.#faultCounts.set(faults.kind, (this.#faultCounts.get(faults.kind) ?? 0) + 1);
    this.#machine.platform.world.events.add(`life ${life}`);
    const random = this.#random;
    // Early changes belong to the recovery, later ones to the work after it.
    const changesMax = random.pick([8, 60, 250, Number.POSITIVE_INFINITY]);
    const isLongLife = changesMax === Number.POSITIVE_INFINITY;
    const untilCrash = isLongLife ? changesMax : 1 + random.nextInt(changesMax);
    disk.crashAtChange(disk.changeCount() + untilCrash);
    try {
      await this.#machine.start();
      if (life > 0) await this.#verifyAll();
      this.#ending = "close";
      await this.#work(faults);
      if (random.happens(2)) {
        await this.#machine.close();
        const [directory] = this.#machine.logs.directories;
        if (directory?.isOffline === false) {
          faults.heal();
          return "close";
        }
      }
      disk.crash();
    } catch (error) {
      // Production code may have wrapped it or run into what it left: the machine has stopped.
      if (!disk.hasCrashed() || error instanceof Violation) throw error;
    }
    const ending = random.happens(2) ? "kill" : "powerLoss";
    faults.heal();
    return faults.losesPower() ? "powerLoss" : ending;
  }

  async #verifyAll(): Promise<void> {
    const random = this.#random;
    const machine = this.#machine;
    for (const model of this.#models) {
      const log = machine.find(model);
      if (log === undefined) {
        expect(
          model.ackedEndOffset === 0 && model.seenEndOffset === 0,
          `${model.name}: gone after ${this.#ending}, ${model.ackedEndOffset} was acknowledged`,
        );
        model.restartWith([], 0);
        model.logStartOffset = 0;
        model.hasLateId = false;
      } else {
        await verifyStart({ machine, model, log, random }, this.#ending);
      }
    }
  }

  async #work(faults: LifeFaults): Promise<void> {
    const random = this.#random;
    const workload = new Workload({
      machine: this.#machine,
      models: this.#models,
      batches: this.#batches,
      random,
      counts: this.#counts,
    });
    const stepCount = random.nextInt(stepsPerLifeMax);
    for (let step = 0; step < stepCount; step += 1) {
      faults.beforeStep(step, workload);
      await workload.step();
      if (this.#machine.disk.hasCrashed()) throw new SimCrash();
    }
  }
}
