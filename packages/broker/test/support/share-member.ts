import assert from "node:assert/strict";

import {
  errorCodes,
  errorName,
  FindCoordinator,
  IncrementalAlterConfigs,
  Produce,
  readRecords,
  type RequestInput,
  type ResponseOf,
  ShareAcknowledge,
  ShareFetch,
  ShareGroupHeartbeat,
  type Uuid,
} from "@millrace/protocol";

import { batchOf, type BrokerFixture, createTopic } from "./broker-fixture.ts";

/** First offset, last offset, and what stands of them: an acknowledge type or a delivery count. */
type Run = readonly [firstOffset: number, lastOffset: number, what: number];

/** What a member is and reads. */
export interface ShareMemberOptions {
  readonly group: string;
  readonly topic: string;
  readonly memberId?: string;
  /** Configurations of the group. */
  readonly configs?: Readonly<Record<string, string>>;
}

/** What a member fetches with one request. */
export interface ShareFetchInput {
  readonly maxWaitMs?: number;
  readonly maxRecords?: number;
  readonly mode?: number;
  readonly acknowledge?: readonly Run[];
}

/** What came of a fetch for the one partition of the topic. */
export interface ShareFetched {
  readonly error: string;
  readonly acknowledgeError: string;
  readonly acquired: readonly Run[];
  readonly values: readonly string[];
}

/** A member of a share group that speaks the protocol by hand, on partition 0 of one topic. */
export class ShareMember {
  readonly #fixture: BrokerFixture;
  readonly #options: ShareMemberOptions;
  readonly #topicId: Uuid;
  #epoch = 0;

  private constructor(fixture: BrokerFixture, options: ShareMemberOptions, topicId: Uuid) {
    this.#fixture = fixture;
    this.#options = options;
    this.#topicId = topicId;
  }

  /** Configures the group, joins it and waits until the topic's partition is assigned. */
  static async join(fixture: BrokerFixture, options: ShareMemberOptions): Promise<ShareMember> {
    if (options.configs !== undefined) await configure(fixture, 32, options.group, options.configs);
    const topicId = fixture.broker.services.image().topics.byName.get(options.topic)?.id;
    assert.ok(topicId !== undefined);
    const member = new ShareMember(fixture, options, topicId);
    await member.#awaitAssignment();
    return member;
  }

  get memberId(): string {
    return this.#options.memberId ?? "first";
  }

  /** A fetch of this member as it is sent next. */
  request(input: ShareFetchInput = {}): RequestInput<typeof ShareFetch> {
    return {
      groupId: this.#options.group,
      memberId: this.memberId,
      shareSessionEpoch: this.#epoch,
      maxWaitMs: input.maxWaitMs ?? 500,
      minBytes: 1,
      maxBytes: 1_000_000,
      maxRecords: input.maxRecords ?? 500,
      batchSize: 500,
      shareAcquireMode: input.mode ?? 0,
      topics: [this.#topic(input.acknowledge ?? [])],
      forgottenTopicsData: [],
    };
  }

  async fetch(input: ShareFetchInput = {}): Promise<ShareFetched> {
    const answer = await this.#fixture.request(ShareFetch, 2, this.request(input));
    assert.equal(errorName(answer.errorCode), "NONE");
    this.#epoch += 1;
    return fetchedOf(answer);
  }

  /** @returns the error of the partition. */
  async acknowledge(runs: readonly Run[]): Promise<string> {
    const answer = await this.#fixture.request(ShareAcknowledge, 2, {
      groupId: this.#options.group,
      memberId: this.memberId,
      shareSessionEpoch: this.#epoch,
      isRenewAck: runs.some(([, , type]) => type === 4),
      topics: [this.#topic(runs)],
    });
    assert.equal(errorName(answer.errorCode), "NONE");
    this.#epoch += 1;
    return errorName(answer.responses[0]?.partitions[0]?.errorCode ?? -1);
  }

  /** Ends the session. */
  async leave(): Promise<void> {
    const answer = await this.#fixture.request(ShareAcknowledge, 2, {
      groupId: this.#options.group,
      memberId: this.memberId,
      shareSessionEpoch: -1,
      topics: [],
    });
    assert.equal(answer.errorCode, errorCodes.NONE);
  }

  #topic(runs: readonly Run[]): RequestInput<typeof ShareFetch>["topics"][number] {
    return {
      topicId: this.#topicId,
      partitions: [
        {
          partitionIndex: 0,
          acknowledgementBatches: runs.map(([firstOffset, lastOffset, type]) => ({
            firstOffset,
            lastOffset,
            acknowledgeTypes: [type],
          })),
        },
      ],
    };
  }

  async #awaitAssignment(): Promise<void> {
    // The first question for a coordinator makes its topic.
    await this.#fixture.request(FindCoordinator, 4, {
      keyType: 0,
      coordinatorKeys: [this.#options.group],
    });
    let memberEpoch = 0;
    for (let attempt = 0; attempt < 100; attempt += 1) {
      const answer = await this.#fixture.request(ShareGroupHeartbeat, 1, {
        groupId: this.#options.group,
        memberId: this.memberId,
        memberEpoch,
        rackId: null,
        subscribedTopicNames: memberEpoch === 0 ? [this.#options.topic] : null,
      });
      const error = errorName(answer.errorCode);
      if (error === "NONE") memberEpoch = answer.memberEpoch;
      if (answer.assignment?.topicPartitions.length === 1) return;
      await this.#fixture.platform.clock.advance(1000);
    }
    assert.fail("the member gets no partition");
  }
}

function fetchedOf(answer: ResponseOf<typeof ShareFetch>): ShareFetched {
  const partition = answer.responses[0]?.partitions[0];
  const records = Buffer.concat([partition?.records ?? Buffer.alloc(0)]);
  const values: string[] = [];
  for (let position = 0; position < records.length; ) {
    for (const { value } of readRecords(records, position)) values.push(String(value));
    position += 12 + records.readInt32BE(position + 8);
  }
  return {
    error: errorName(partition?.errorCode ?? 0),
    acknowledgeError: errorName(partition?.acknowledgeErrorCode ?? 0),
    acquired: (partition?.acquiredRecords ?? []).map(
      ({ firstOffset, lastOffset, deliveryCount }) => [firstOffset, lastOffset, deliveryCount],
    ),
    values,
  };
}

/** Sets configurations of a resource: 2 is a topic, 32 a group. */
export async function configure(
  fixture: BrokerFixture,
  resourceType: number,
  resourceName: string,
  configs: Readonly<Record<string, string>>,
): Promise<void> {
  const answer = await fixture.request(IncrementalAlterConfigs, 1, {
    resources: [
      {
        resourceType,
        resourceName,
        configs: Object.entries(configs).map(([name, value]) => ({
          name,
          configOperation: 0,
          value,
        })),
      },
    ],
    validateOnly: false,
  });
  assert.equal(errorName(answer.responses[0]?.errorCode ?? -1), "NONE");
}

/** Makes a topic with one partition that holds these values, one batch for each call. */
export async function produced(
  fixture: BrokerFixture,
  topic: string,
  values: readonly string[],
): Promise<void> {
  if (!fixture.broker.services.image().topics.byName.has(topic)) await createTopic(fixture, topic);
  const answer = await fixture.request(Produce, 9, {
    transactionalId: null,
    acks: -1,
    timeoutMs: 5000,
    topicData: [{ name: topic, partitionData: [{ index: 0, records: batchOf(...values) }] }],
  });
  assert.equal(errorName(answer.responses[0]?.partitionResponses[0]?.errorCode ?? -1), "NONE");
}
