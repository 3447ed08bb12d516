import { setTimeout as sleep } from "node:timers/promises";

import {
  buildRecordBatch,
  errorName,
  IncrementalAlterConfigs,
  Metadata,
  Produce,
  type RequestInput,
  ShareFetch,
  ShareGroupHeartbeat,
  type Uuid,
} from "@millrace/protocol";

import { createTopic, findCoordinator, persist } from "./cluster.ts";
import { Wire } from "./wire.ts";

/** What a share group is measured with. */
export interface ShareGroupWork {
  readonly bootstrap: string;
  readonly topic: string;
  readonly groupId: string;
  /** Each with a connection and a session of its own, one fetch after the other. */
  readonly memberCount: number;
  readonly partitionCount: number;
  /** Records that lie there before it begins, 100 bytes each. */
  readonly recordCount: number;
}

const recordsPerBatch = 500;
const recordBytes = 100;
const groupResource = 32;
const accept = 1;
/** How long a group may take until all its partitions are assigned. */
const joinAttemptsMax = 300;

/** Records a second that a share group acquires and accepts, of all members together. */
export async function measureShareGroup(work: ShareGroupWork): Promise<number> {
  const connecting = Array.from({ length: work.memberCount }, () => Wire.connect(work.bootstrap));
  const wires = await Promise.all(connecting);
  const [first] = wires;
  if (first === undefined) throw new Error("a share group needs a member");
  await createTopic(first, work.topic, work.partitionCount);
  await fill(first, work);
  await findCoordinator(first, work.groupId, 0);
  await beginEarliest(first, work.groupId);
  const topicId = await topicIdOf(first, work.topic);
  await join(first, work);
  const left = { records: work.recordCount };
  const members = wires.map((wire, index) => new Member(wire, work, { topicId, index }));
  const began = performance.now();
  await Promise.all(members.map((member) => member.run(left)));
  const seconds = (performance.now() - began) / 1000;
  for (const wire of wires) wire.close();
  return work.recordCount / seconds;
}

type AskedTopic = RequestInput<typeof ShareFetch>["topics"][number];
type Acknowledged = AskedTopic["partitions"][number];

/** Fetches all partitions, and accepts with each fetch what the one before it brought. */
class Member {
  readonly #wire: Wire;
  readonly #work: ShareGroupWork;
  readonly #topicId: Uuid;
  readonly #memberId: string;
  #epoch = 0;

  constructor(
    wire: Wire,
    work: ShareGroupWork,
    own: { readonly topicId: Uuid; readonly index: number },
  ) {
    this.#wire = wire;
    this.#work = work;
    this.#topicId = own.topicId;
    this.#memberId = `member-${own.index}`;
  }

  async run(left: { records: number }): Promise<void> {
    let acquired = await this.#fetch([]);
    while (left.records > 0 || acquired.length > 0) {
      for (const { acknowledgementBatches } of acquired) {
        for (const { firstOffset, lastOffset } of acknowledgementBatches) {
          left.records -= lastOffset - firstOffset + 1;
        }
      }
      acquired = await this.#fetch(acquired);
    }
  }

  async #fetch(acknowledged: readonly Acknowledged[]): Promise<readonly Acknowledged[]> {
    const topics = this.#epoch === 0 ? [this.#everyPartition()] : this.#topicsOf(acknowledged);
    const answer = await this.#wire.request(ShareFetch, 2, {
      groupId: this.#work.groupId,
      memberId: this.#memberId,
      shareSessionEpoch: this.#epoch,
      maxWaitMs: 100,
      minBytes: 1,
      maxBytes: 52_428_800,
      maxRecords: recordsPerBatch,
      batchSize: recordsPerBatch,
      topics,
      forgottenTopicsData: [],
    });
    if (answer.errorCode !== 0) throw new Error(errorName(answer.errorCode));
    this.#epoch += 1;
    const partitions = answer.responses.flatMap((topic) => topic.partitions);
    const wrong = partitions.find((each) => each.errorCode + each.acknowledgeErrorCode !== 0);
    if (wrong !== undefined)
      throw new Error(errorName(wrong.errorCode || wrong.acknowledgeErrorCode));
    return partitions
      .filter(({ acquiredRecords }) => acquiredRecords.length > 0)
      .map(({ partitionIndex, acquiredRecords }) => ({
        partitionIndex,
        acknowledgementBatches: acquiredRecords.map(({ firstOffset, lastOffset }) => ({
          firstOffset,
          lastOffset,
          acknowledgeTypes: [accept],
        })),
      }));
  }

  #topicsOf(partitions: readonly Acknowledged[]): readonly AskedTopic[] {
    return partitions.length === 0 ? [] : [{ topicId: this.#topicId, partitions }];
  }

  #everyPartition(): AskedTopic {
    const partitions = Array.from({ length: this.#work.partitionCount }, (_, partitionIndex) => ({
      partitionIndex,
      acknowledgementBatches: [],
    }));
    return { topicId: this.#topicId, partitions };
  }
}

async function fill(wire: Wire, work: ShareGroupWork): Promise<void> {
  const value = Buffer.alloc(recordBytes, 120);
  const records = Array.from({ length: recordsPerBatch }, () => ({
    key: null,
    value,
    timestamp: 1,
  }));
  const batches = work.recordCount / recordsPerBatch;
  for (let batch = 0; batch < batches; batch += 1) {
    const index = batch % work.partitionCount;
    const partitionData = [{ index, records: buildRecordBatch(records) }];
    await persist(async () => {
      const topicData = [{ name: work.topic, partitionData }];
      const answer = await wire.request(Produce, 9, { acks: 1, timeoutMs: 30_000, topicData });
      return { errorCode: answer.responses[0]?.partitionResponses[0]?.errorCode ?? -1 };
    });
  }
}

async function beginEarliest(wire: Wire, groupId: string): Promise<void> {
  const configs = [{ name: "share.auto.offset.reset", configOperation: 0, value: "earliest" }];
  const resources = [{ resourceType: groupResource, resourceName: groupId, configs }];
  await persist(async () => {
    const answer = await wire.request(IncrementalAlterConfigs, 1, {
      resources,
      validateOnly: false,
    });
    return { errorCode: answer.responses[0]?.errorCode ?? -1 };
  });
}

async function topicIdOf(wire: Wire, name: string): Promise<Uuid> {
  const answer = await wire.request(Metadata, 12, { topics: [{ name }] });
  const [topic] = answer.topics;
  if (topic === undefined) throw new Error("the topic is not there");
  return topic.topicId;
}

/** One member joins: the states of the partitions begin with the group's first assignment. */
async function join(wire: Wire, work: ShareGroupWork): Promise<void> {
  let memberEpoch = 0;
  for (let attempt = 0; attempt < joinAttemptsMax; attempt += 1) {
    const epoch = memberEpoch;
    const answer = await persist(() =>
      wire.request(ShareGroupHeartbeat, 1, {
        groupId: work.groupId,
        memberId: "member-0",
        memberEpoch: epoch,
        subscribedTopicNames: epoch === 0 ? [work.topic] : null,
      }),
    );
    ({ memberEpoch } = answer);
    const assigned = answer.assignment?.topicPartitions.flatMap(({ partitions }) => partitions);
    if (assigned?.length === work.partitionCount) return;
    await sleep(100);
  }
  throw new Error("the group's partitions are not assigned");
}
