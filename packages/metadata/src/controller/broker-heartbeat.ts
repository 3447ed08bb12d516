import type { Uuid } from "@millrace/protocol";

import type { BrokerRegistration } from "../image/registrations.ts";
import { directoryIds } from "../image/topics-image.ts";
import { metadataFormatOf } from "../records/feature-levels.ts";
import type { MetadataRecord, MetadataRecordData } from "../records/metadata-record.ts";
import type { Decision, DecisionContext } from "./decision.ts";
import { decided } from "./decision.ts";
import { decideLeadership, hasLeaderships, inSyncWith, leaderless } from "./leadership.ts";
import { refused } from "./outcome.ts";
import { brokerEpochFault } from "./register-broker.ts";
import type { BrokerHeartbeatInput, BrokerHeartbeatResult } from "./requests.ts";

/**
 * What a broker is to the controller. Legal transitions:
 * fenced → unfenced (caught up, wants it) · fenced → gone (wants to shut down)
 * unfenced → fenced (wants it) · unfenced → shuttingDown (wants to stop, and leads) ·
 * unfenced → gone (wants to stop, and leads nothing)
 * shuttingDown → gone (it leads nothing any more)
 */
type BrokerState = "fenced" | "unfenced" | "shuttingDown" | "gone";

/** Decides BrokerHeartbeat. Time that passes fences nobody: sessions are Coordination's. */
export function decideBrokerHeartbeat(
  context: DecisionContext,
  input: BrokerHeartbeatInput,
): Decision<BrokerHeartbeatResult> {
  const fault = brokerEpochFault(context, input);
  if (fault !== undefined) return { records: [], answer: fault };
  const broker = context.image.brokers.get(input.brokerId);
  if (broker === undefined) {
    const message = `Broker ${input.brokerId} is not registered.`;
    return { records: [], answer: refused("STALE_BROKER_EPOCH", message) };
  }
  const before = stateOf(broker);
  const after = nextState(context, input, before);
  const records = [
    ...(before === after ? [] : transitionRecords(context, broker, after)),
    ...directoryRecords(context, broker, input),
  ];
  return decided(records, {
    isCaughtUp: input.currentMetadataOffset >= broker.epoch,
    isFenced: after === "fenced" || after === "gone",
    shouldShutDown: after === "gone",
  });
}

function stateOf(broker: BrokerRegistration): BrokerState {
  if (broker.isFenced) return "fenced";
  return broker.isInControlledShutdown ? "shuttingDown" : "unfenced";
}

function nextState(
  context: DecisionContext,
  input: BrokerHeartbeatInput,
  state: BrokerState,
): BrokerState {
  if (state === "fenced") {
    if (input.wantShutDown) return "gone";
    // The broker must have seen its own registration, or it would act on leaderships of its past.
    const isCaughtUp = input.currentMetadataOffset >= input.brokerEpoch;
    return !input.wantFence && isCaughtUp ? "unfenced" : "fenced";
  }
  if (input.wantFence && state === "unfenced") return input.wantShutDown ? "gone" : "fenced";
  if (state === "unfenced" && !input.wantShutDown) return "unfenced";
  return hasLeaderships(context, input.brokerId) ? "shuttingDown" : "gone";
}

function transitionRecords(
  context: DecisionContext,
  broker: BrokerRegistration,
  after: BrokerState,
): readonly MetadataRecord[] {
  switch (after) {
    case "unfenced":
      return [
        change(broker, 0, { fenced: -1 }),
        ...decideLeadership(context, { joining: broker.id }, leaderless),
      ];
    case "shuttingDown":
      return [
        change(broker, 1, { inControlledShutdown: 1 }),
        ...decideLeadership(context, { leaving: broker.id }, inSyncWith(broker.id)),
      ];
    case "fenced":
    case "gone":
      if (broker.isFenced) return [];
      return [
        ...decideLeadership(context, { leaving: broker.id }, inSyncWith(broker.id)),
        change(broker, 0, { fenced: 1 }),
      ];
  }
}

function directoryRecords(
  context: DecisionContext,
  broker: BrokerRegistration,
  input: BrokerHeartbeatInput,
): readonly MetadataRecord[] {
  const format = metadataFormatOf(context.image.features.metadataVersion);
  const records: MetadataRecord[] = [];
  const failed = broker.logDirs.filter((id) => input.offlineLogDirs.includes(id));
  if (format.hasDirectories && failed.length > 0) {
    const isInFailed = (directories: readonly Uuid[], replicas: readonly number[]) =>
      failed.includes(directories[replicas.indexOf(broker.id)] ?? directoryIds.unassigned);
    records.push(
      ...decideLeadership(
        context,
        { leaving: broker.id },
        (partition) =>
          isInFailed(partition.directories, partition.replicas) &&
          (partition.isr.includes(broker.id) || partition.leader === broker.id),
      ),
    );
    const logDirs = broker.logDirs.filter((id) => !failed.includes(id));
    // An empty list cannot be told from no change; a broker without any directory stops by itself.
    if (logDirs.length > 0) records.push(change(broker, 2, { logDirs }));
  }
  const cordoned = broker.cordonedLogDirs ?? [];
  const isSame =
    cordoned.length === input.cordonedLogDirs.length &&
    cordoned.every((id) => input.cordonedLogDirs.includes(id));
  if (format.hasCordonedLogDirs && !isSame) {
    records.push(change(broker, 3, { cordonedLogDirs: input.cordonedLogDirs }));
  }
  return records;
}

// The lowest version that can say it, as Kafka does, so that older brokers can follow.
function change(
  broker: BrokerRegistration,
  version: number,
  fields: Partial<MetadataRecordData["BrokerRegistrationChangeRecord"]>,
): MetadataRecord {
  return {
    type: "BrokerRegistrationChangeRecord",
    version,
    data: {
      brokerId: broker.id,
      brokerEpoch: broker.epoch,
      fenced: 0,
      inControlledShutdown: 0,
      logDirs: [],
      cordonedLogDirs: null,
      ...fields,
    },
  };
}
