import assert from "node:assert/strict";
import { test } from "node:test";
import type { Controller } from "@millrace/metadata";
import { LoggerTree } from "@millrace/platform";
import { SimClock } from "@millrace/platform/sim";
import { ZERO_UUID } from "@millrace/protocol";

import { StreamsInternalTopics } from "../../src/coordination/streams-internal-topics.ts";

type Outcome = Awaited<ReturnType<Controller["createTopics"]>>;

const topic = (name: string) => ({ name, partitions: 2, replicationFactor: -1, configs: [] });

/** A controller that is asked, and answers when it is told to. */
class Asked {
  readonly clock = new SimClock();
  readonly names: string[][] = [];
  readonly charges: unknown[] = [];
  readonly #waiting: ((outcome: Outcome | Error) => void)[] = [];
  readonly topics = new StreamsInternalTopics({
    controller: {
      createTopics: ({ topics, chargePartitions }) => {
        this.charges.push(chargePartitions);
        this.names.push(topics.map(({ name }) => name));
        return new Promise((resolve, reject) => {
          this.#waiting.push((outcome) => {
            if (outcome instanceof Error) reject(outcome);
            else resolve(outcome);
          });
        });
      },
    },
    clock: this.clock,
    logger: new LoggerTree({ clock: this.clock, level: "error", write: () => {} }).root,
  });

  async answer(outcome: Outcome | Error): Promise<void> {
    this.#waiting.shift()?.(outcome);
    await this.clock.advance(0);
  }
}

function created(name: string, error: "NONE" | "TOPIC_ALREADY_EXISTS" | "INVALID_CONFIG"): Outcome {
  const errorMessage = error === "NONE" ? null : `${name} was refused`;
  const result = { name, error, errorMessage, numPartitions: 2, replicationFactor: 1 };
  return { kind: "done", value: [{ ...result, topicId: ZERO_UUID }] };
}

test("a topic that is being made is not asked for again until that is over", async () => {
  const asked = new Asked();
  asked.topics.create([topic("a")], { retryMs: 1000 });
  asked.topics.create([topic("a"), topic("b")], { retryMs: 1000 });
  assert.deepEqual(asked.names, [["a"], ["b"]]);
  await asked.answer(created("a", "NONE"));
  asked.topics.create([topic("a"), topic("b")], { retryMs: 1000 });
  assert.deepEqual(asked.names, [["a"], ["b"], ["a"]]);
});

test("a refused topic rests for a while, with the reason at hand", async () => {
  const asked = new Asked();
  asked.topics.create([topic("a")], { retryMs: 1000 });
  await asked.answer(created("a", "INVALID_CONFIG"));
  assert.equal(asked.topics.refusalOf("a"), "a was refused");
  asked.topics.create([topic("a")], { retryMs: 1000 });
  assert.equal(asked.names.length, 1);
  await asked.clock.advance(1000);
  assert.equal(asked.topics.refusalOf("a"), undefined);
  asked.topics.create([topic("a")], { retryMs: 1000 });
  assert.equal(asked.names.length, 2);
});

test("a topic that somebody else has made is not a refusal", async () => {
  const asked = new Asked();
  asked.topics.create([topic("a")], { retryMs: 1000 });
  await asked.answer(created("a", "TOPIC_ALREADY_EXISTS"));
  assert.equal(asked.topics.refusalOf("a"), undefined);
});

test("a controller that refuses all, or fails, refuses each", async () => {
  const asked = new Asked();
  asked.topics.create([topic("a")], { retryMs: 1000 });
  await asked.answer({ kind: "refused", error: "NOT_CONTROLLER", message: "elsewhere" });
  assert.equal(asked.topics.refusalOf("a"), "elsewhere");
  asked.topics.create([topic("b")], { retryMs: 1000 });
  await asked.answer(new Error("the disk is full"));
  assert.equal(asked.topics.refusalOf("b"), "the disk is full");
});

test("no more than a thousand refusals are remembered", async () => {
  const asked = new Asked();
  for (let index = 0; index < 1100; index++) {
    asked.topics.create([topic(`t${index}`)], { retryMs: 60_000 });
    await asked.answer(created(`t${index}`, "INVALID_CONFIG"));
  }
  assert.equal(asked.topics.refusalOf("t99"), undefined);
  assert.equal(asked.topics.refusalOf("t100"), "t100 was refused");
});

test("topics are counted for the quota of whose heartbeat makes them", () => {
  const asked = new Asked();
  const chargePartitions = (): boolean => true;
  asked.topics.create([topic("a")], { retryMs: 1000, chargePartitions });
  assert.deepEqual(asked.charges, [chargePartitions]);
});
