import type { SharePartitionRequest, ShareStateReply } from "@millrace/coordinators";
import type { Clock } from "@millrace/platform";
import type { ErrorName } from "@millrace/protocol";

import type { ShareStatePersister } from "../share/persister.ts";
import { internalTopics, ensureInternalTopic } from "./internal-topics.ts";
import type { ShareCoordinator } from "./share-coordinator.ts";
import {
  type AskShareState,
  deleteShareGroupStates,
  initializeShareGroupStates,
  readShareGroupStates,
  readShareGroupStateSummaries,
  writeShareGroupStates,
} from "./share-coordinator-requests.ts";

/** How often a coordinator that loads or moves is asked in all: for some six seconds. */
const attemptsMax = 7;
/** Before the second attempt; twice as long before each further one. */
const backoffMs = 100;

/** What the persister works with. */
export interface ShareCoordinatorPersisterOptions
  extends Readonly<Parameters<typeof ensureInternalTopic>[1]> {
  readonly coordinator: ShareCoordinator;
  readonly clock: Clock;
}

/**
 * Keeps the state of share partitions with the share coordinator. The topic behind it is made when
 * it is first needed; a coordinator that is not ready is asked again a few times.
 */
export function shareCoordinatorPersister(
  options: ShareCoordinatorPersisterOptions,
): ShareStatePersister {
  const ask: AskShareState = (request) => askUntilReady(request, options);
  return {
    initializeState: (request) => initializeShareGroupStates(request, ask),
    readState: (request) => readShareGroupStates(request, ask),
    writeState: (request) => writeShareGroupStates(request, ask),
    deleteState: (request) => deleteShareGroupStates(request, ask),
    readStateSummary: (request) => readShareGroupStateSummaries(request, ask),
  };
}

async function askUntilReady(
  request: SharePartitionRequest,
  options: ShareCoordinatorPersisterOptions,
): Promise<ShareStateReply> {
  const { coordinator, clock } = options;
  for (let attempt = 1; ; attempt++) {
    await ensureInternalTopic(internalTopics.shareGroupState, options);
    const reply = await coordinator.ask(request);
    const isLast = attempt === attemptsMax || coordinator.isStopped;
    if (isLast || !isNotReady(reply)) return reply;
    await new Promise<void>((resolve) => {
      clock.setTimer(backoffMs * 2 ** (attempt - 1), resolve);
    });
  }
}

const notReady: ReadonlySet<ErrorName> = new Set([
  "COORDINATOR_LOAD_IN_PROGRESS",
  "COORDINATOR_NOT_AVAILABLE",
  "NOT_COORDINATOR",
]);

function isNotReady(reply: ShareStateReply): boolean {
  return "error" in reply && notReady.has(reply.error);
}
