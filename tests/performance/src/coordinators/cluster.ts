import { setTimeout as sleep } from "node:timers/promises";

import { CreateTopics, type ErrorName, errorName, FindCoordinator } from "@millrace/protocol";

import type { Wire } from "./wire.ts";

/** How long an answer that asks for patience is asked again. */
const PAUSE_MS = 5;
const ATTEMPTS_MAX = 12_000;

/** What is asked again: the broker is not ready yet, or its controller is behind. */
const temporary: ReadonlySet<ErrorName> = new Set([
  "COORDINATOR_NOT_AVAILABLE",
  "COORDINATOR_LOAD_IN_PROGRESS",
  "NOT_COORDINATOR",
  "CONCURRENT_TRANSACTIONS",
  "UNKNOWN_TOPIC_OR_PARTITION",
  "NOT_LEADER_OR_FOLLOWER",
]);

/** Asks until the answer is one to go on from. @throws Error with Kafka's name of what is wrong. */
export async function persist<Answer extends { readonly errorCode: number }>(
  ask: () => Promise<Answer>,
): Promise<Answer> {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const answer = await ask();
    const error = errorName(answer.errorCode) ?? "UNKNOWN_SERVER_ERROR";
    if (error === "NONE") return answer;
    if (!temporary.has(error)) throw new Error(error);
    await sleep(PAUSE_MS);
  }
  throw new Error("the broker asked for patience for too long");
}

/** Creates a topic. */
export async function createTopic(wire: Wire, name: string, numPartitions: number): Promise<void> {
  const topic = { name, numPartitions, replicationFactor: 1, assignments: [], configs: [] };
  await persist(async () => {
    const answer = await wire.request(CreateTopics, 7, { topics: [topic] });
    return { errorCode: answer.topics[0]?.errorCode ?? -1 };
  });
}

/** Waits until a group (key type 0) or a transactional id (1) has a coordinator. */
export async function findCoordinator(wire: Wire, key: string, keyType: 0 | 1): Promise<void> {
  await persist(async () => {
    const answer = await wire.request(FindCoordinator, 4, { keyType, coordinatorKeys: [key] });
    return { errorCode: answer.coordinators[0]?.errorCode ?? -1 };
  });
}
