import { setTimeout as sleep } from "node:timers/promises";
import { type Broker, startMillrace } from "@millrace/conformance/harness";
import { describeVerdict, History, isGood, type Verdict } from "./history.ts";
import { LoadClient, type Producer } from "./load-client.ts";

const topic = "kills";
/** A broker that acknowledges nothing for so long after its start has failed. */
const progressMsMax = 60_000;
const pollMs = 5;
/** A kill comes so long after the first acknowledgement of a life, at most. */
const lifeMsMax = 700;
/** So many cycles share one producer, and with it one producer id and its sequences. */
const cyclesPerProducer = 20;

/** What a run does. */
export interface KillRunOptions {
  readonly cycleCount: number;
  readonly perSecond: number;
  /** Everything is read back and judged after each so many cycles, and at the end. */
  readonly cyclesPerJudgement: number;
  readonly random: () => number;
  readonly say: (line: string) => void;
}

/** What a run came to. */
export interface KillRunReport {
  readonly cycleCount: number;
  readonly producerCount: number;
  /** Of the last judgement, which covers everything. */
  readonly verdict: Verdict;
  /** Milliseconds from the start of the process to its first answer, of each cycle. */
  readonly restartMs: readonly number[];
}

/**
 * Kills a broker again and again while an idempotent librdkafka producer writes with acks=all, and
 * reads everything back.
 * @throws Error when the broker does not come back, a record is given up, or something is wrong.
 */
export class KillRun {
  readonly #options: KillRunOptions;
  readonly #history = new History();
  readonly #restartMs: number[] = [];
  #nextNumber = 0;
  #producerCount = 0;
  #givenUp: string | undefined;

  constructor(options: KillRunOptions) {
    this.#options = options;
  }

  /** Runs all cycles. */
  async run(folder: string): Promise<KillRunReport> {
    const client = await LoadClient.build();
    await using broker = await startMillrace({
      properties: ["num.partitions=3", "log.segment.bytes=1048576"],
    });
    let producer: Producer | undefined;
    try {
      for (let cycle = 1; cycle <= this.#options.cycleCount; cycle += 1) {
        producer ??= this.#startProducer(client, broker);
        await this.#cycle(broker, producer);
        if (cycle % cyclesPerProducer === 0) {
          this.#nextNumber = await producer.stop();
          producer = undefined;
        }
        if (cycle % this.#options.cyclesPerJudgement === 0) {
          await this.#judge(client, broker, folder);
          this.#options.say(`${cycle} kills, ${this.#history.acknowledgedCount} acknowledged`);
        }
      }
      this.#nextNumber = (await producer?.stop()) ?? this.#nextNumber;
    } catch (error) {
      // What the log holds tells most about why.
      const { acknowledgedCount } = this.#history;
      const records = client.consume(broker.bootstrap, topic, folder);
      const verdict = await this.#history.judge(records, acknowledgedCount);
      this.#options.say(describeVerdict(verdict));
      throw error;
    } finally {
      producer?.kill();
    }
    const verdict = await this.#judge(client, broker, folder);
    return {
      cycleCount: this.#options.cycleCount,
      producerCount: this.#producerCount,
      verdict,
      restartMs: this.#restartMs,
    };
  }

  #startProducer(client: LoadClient, broker: Broker): Producer {
    this.#producerCount += 1;
    const load = { firstNumber: this.#nextNumber, perSecond: this.#options.perSecond };
    return client.produce({ bootstrap: broker.bootstrap, topic }, load, {
      onAcknowledged: (number, partition, offset) => {
        this.#history.acknowledge(number, partition, offset);
      },
      onGivenUp: (number, reason) => {
        this.#givenUp ??= `record ${number} was given up: ${reason}`;
      },
    });
  }

  async #cycle(broker: Broker, producer: Producer): Promise<void> {
    const before = this.#history.acknowledgedCount;
    const deadline = performance.now() + progressMsMax;
    while (this.#history.acknowledgedCount === before) {
      this.#failIfGivenUp();
      if (!producer.isRunning) throw new Error("the producer ended by itself");
      if (performance.now() > deadline) throw new Error("nothing was acknowledged for a minute");
      await sleep(pollMs);
    }
    await sleep(this.#options.random() * lifeMsMax);
    await broker.kill();
    const startMs = performance.now();
    await broker.start();
    this.#restartMs.push(performance.now() - startMs);
  }

  async #judge(client: LoadClient, broker: Broker, folder: string): Promise<Verdict> {
    this.#failIfGivenUp();
    const { acknowledgedCount } = this.#history;
    const records = client.consume(broker.bootstrap, topic, folder);
    const verdict = await this.#history.judge(records, acknowledgedCount);
    if (!isGood(verdict)) throw new Error("what was read back is not what was acknowledged");
    return verdict;
  }

  #failIfGivenUp(): void {
    if (this.#givenUp !== undefined) throw new Error(this.#givenUp);
  }
}
