import type {
  SharePartitionRequest,
  ShareStateReply,
  ShareStateReplyTo,
} from "@millrace/coordinators";
import { assert } from "@millrace/platform";
import {
  type DeleteShareGroupState,
  errorCodes,
  type ErrorName,
  type InitializeShareGroupState,
  type ReadShareGroupState,
  type ReadShareGroupStateSummary,
  type RequestOf,
  type ResponseOf,
  type Uuid,
  type WriteShareGroupState,
} from "@millrace/protocol";

/** Asks the share coordinator about one share partition; the answer has the request's kind. */
export type AskShareState = (request: SharePartitionRequest) => Promise<ShareStateReply>;

/** Answers the body of an InitializeShareGroupState, partition by partition. */
export function initializeShareGroupStates(
  request: RequestOf<typeof InitializeShareGroupState>,
  ask: AskShareState,
): Promise<ResponseOf<typeof InitializeShareGroupState>> {
  return answerEach(request, async (place, { stateEpoch, startOffset }) => {
    const kind = "initialize-share-state";
    return failure(await askFor(ask, { kind, ...place, stateEpoch, startOffset }));
  });
}

/** Answers the body of a ReadShareGroupState, partition by partition. */
export function readShareGroupStates(
  request: RequestOf<typeof ReadShareGroupState>,
  ask: AskShareState,
): Promise<ResponseOf<typeof ReadShareGroupState>> {
  return answerEach(request, async (place, { leaderEpoch }) => {
    const reply = await askFor(ask, { kind: "read-share-state", ...place, leaderEpoch });
    const { stateEpoch, startOffset, stateBatches } = reply;
    return { ...failure(reply), stateEpoch, startOffset, stateBatches: [...stateBatches] };
  });
}

/** Answers the body of a WriteShareGroupState, partition by partition. */
export function writeShareGroupStates(
  request: RequestOf<typeof WriteShareGroupState>,
  ask: AskShareState,
): Promise<ResponseOf<typeof WriteShareGroupState>> {
  return answerEach(request, async (place, changes) =>
    failure(await askFor(ask, { kind: "write-share-state", ...changes, ...place })),
  );
}

/** Answers the body of a DeleteShareGroupState, partition by partition. */
export function deleteShareGroupStates(
  request: RequestOf<typeof DeleteShareGroupState>,
  ask: AskShareState,
): Promise<ResponseOf<typeof DeleteShareGroupState>> {
  return answerEach(request, async (place) =>
    failure(await askFor(ask, { kind: "delete-share-state", ...place })),
  );
}

/** Answers the body of a ReadShareGroupStateSummary, partition by partition. */
export function readShareGroupStateSummaries(
  request: RequestOf<typeof ReadShareGroupStateSummary>,
  ask: AskShareState,
): Promise<ResponseOf<typeof ReadShareGroupStateSummary>> {
  return answerEach(request, async (place) => {
    const reply = await askFor(ask, { kind: "read-share-summary", ...place });
    const { stateEpoch, leaderEpoch, startOffset, deliveryCompleteCount } = reply;
    return { ...failure(reply), stateEpoch, leaderEpoch, startOffset, deliveryCompleteCount };
  });
}

async function askFor<Kind extends SharePartitionRequest["kind"]>(
  ask: AskShareState,
  request: SharePartitionRequest & { readonly kind: Kind },
): Promise<ShareStateReplyTo<Kind>> {
  const reply = await ask(request);
  assert(isKind(reply, request.kind), `a ${request.kind} was answered with ${reply.kind}`);
  return reply;
}

function isKind<Kind extends SharePartitionRequest["kind"]>(
  reply: ShareStateReply,
  kind: Kind,
): reply is ShareStateReplyTo<Kind> {
  return reply.kind === kind;
}

interface AskedStates<Partition> {
  readonly groupId: string;
  readonly topics: readonly {
    readonly topicId: Uuid;
    readonly partitions: readonly Partition[];
  }[];
}

interface Place {
  readonly groupId: string;
  readonly topicId: Uuid;
  readonly partition: number;
}

/** A request without a group, or with a topic without partitions, has nothing to be answered. */
async function answerEach<Partition extends { readonly partition: number }, Answer>(
  { groupId, topics }: AskedStates<Partition>,
  answerOne: (place: Place, partition: Partition) => Promise<Answer>,
): Promise<{
  results: { topicId: Uuid; partitions: (Answer & { partition: number })[] }[];
}> {
  const isEmpty = groupId === "" || topics.some(({ partitions }) => partitions.length === 0);
  if (isEmpty) return { results: [] };
  const results = topics.map(async ({ topicId, partitions }) => ({
    topicId,
    partitions: await Promise.all(
      partitions.map(async (asked) => {
        const { partition } = asked;
        return { partition, ...(await answerOne({ groupId, topicId, partition }, asked)) };
      }),
    ),
  }));
  return { results: await Promise.all(results) };
}

function failure(reply: { readonly error: ErrorName; readonly message: string | null }) {
  return { errorCode: errorCodes[reply.error], errorMessage: reply.message };
}
