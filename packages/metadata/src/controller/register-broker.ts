import type { ClusterImage } from "../image/cluster-image.ts";
import { registerBroker } from "../image/image-records.ts";
import type { BrokerRegistration } from "../image/registrations.ts";
import { metadataFormatOf } from "../records/feature-levels.ts";
import type { MetadataRecord } from "../records/metadata-record.ts";
import { isElrEnabled } from "./cluster-view.ts";
import type { Decision, DecisionContext } from "./decision.ts";
import { decided } from "./decision.ts";
import { decideLeadership, inSyncOrEligible, inSyncWith } from "./leadership.ts";
import type { Refused } from "./outcome.ts";
import { refused } from "./outcome.ts";
import type { RegisterBrokerInput } from "./requests.ts";
import { isReservedId } from "./uuids.ts";

/**
 * Decides BrokerRegistration; the value is the new broker epoch. The broker is fenced until its
 * heartbeats ask otherwise. One that did not stop in an orderly way leaves ISR and ELR first.
 */
export function decideRegisterBroker(
  context: DecisionContext,
  input: RegisterBrokerInput,
): Decision<number> {
  const { image } = context;
  const fault = registrationFault(context, input);
  if (fault !== undefined) return { records: [], answer: fault };
  const format = metadataFormatOf(image.features.metadataVersion);
  const existing = image.brokers.get(input.brokerId);
  const isAmended = existing?.incarnationId === input.incarnationId;
  const epoch = isAmended ? existing.epoch : context.nextOffset;
  const registration: BrokerRegistration = {
    id: input.brokerId,
    epoch,
    incarnationId: input.incarnationId,
    endpoints: input.listeners,
    features: input.features,
    rack: input.rack,
    isFenced: isAmended ? existing.isFenced : true,
    isInControlledShutdown: isAmended && existing.isInControlledShutdown,
    logDirs: input.logDirs,
    cordonedLogDirs: format.hasCordonedLogDirs ? (existing?.cordonedLogDirs ?? []) : null,
  };
  const cleanup = isAmended ? [] : leavingRecords(context, input, existing);
  return decided([...cleanup, registerBroker(registration, format)], epoch);
}

/** Decides UnregisterBroker: the broker leaves every ISR and ELR and is forgotten. */
export function decideUnregisterBroker(
  context: DecisionContext,
  brokerId: number,
): Decision<undefined> {
  const existing = context.image.brokers.get(brokerId);
  if (existing === undefined) {
    const message = `Broker id ${brokerId} is not currently registered.`;
    return { records: [], answer: refused("BROKER_ID_NOT_REGISTERED", message) };
  }
  const cleanup = decideLeadership(context, { lost: brokerId }, inSyncOrEligible(brokerId));
  const data = { brokerId, brokerEpoch: existing.epoch };
  return decided([...cleanup, { type: "UnregisterBrokerRecord", version: 0, data }], undefined);
}

/** Says whether a broker that asks for something is the one that is registered. */
export function brokerEpochFault(
  context: DecisionContext,
  asker: { readonly brokerId: number; readonly brokerEpoch: number },
): Refused | undefined {
  const broker = context.image.brokers.get(asker.brokerId);
  if (broker === undefined) {
    return refused("STALE_BROKER_EPOCH", `Broker ${asker.brokerId} is not registered.`);
  }
  if (broker.epoch === asker.brokerEpoch) return undefined;
  const message = `Broker ${asker.brokerId} has epoch ${broker.epoch}, not ${asker.brokerEpoch}.`;
  return refused("STALE_BROKER_EPOCH", message);
}

function leavingRecords(
  context: DecisionContext,
  input: RegisterBrokerInput,
  existing: BrokerRegistration | undefined,
): readonly MetadataRecord[] {
  const { brokerId } = input;
  const isClean = existing !== undefined && existing.epoch === input.previousBrokerEpoch;
  if (!isClean && isElrEnabled(context.image)) {
    return decideLeadership(context, { lost: brokerId }, inSyncOrEligible(brokerId));
  }
  if (existing === undefined || existing.isFenced) return [];
  // It came back before anybody noticed that it was gone: what it led is without a leader until it
  // is unfenced, so that its new reign has an epoch of its own.
  return decideLeadership(context, { leaving: brokerId }, inSyncWith(brokerId));
}

function registrationFault(
  context: DecisionContext,
  input: RegisterBrokerInput,
): Refused | undefined {
  const { image, clusterId } = context;
  if (input.clusterId !== clusterId) {
    const message = `Expected cluster ID ${clusterId}, but got cluster ID ${input.clusterId}.`;
    return refused("INCONSISTENT_CLUSTER_ID", message);
  }
  const format = metadataFormatOf(image.features.metadataVersion);
  const message =
    (format.hasDirectories ? directoriesFault(image, input) : undefined) ??
    endpointsFault(input) ??
    undefined;
  if (message !== undefined) return refused("INVALID_REGISTRATION", message);
  return featuresFault(image, input);
}

function endpointsFault(input: RegisterBrokerInput): string | undefined {
  const names = new Set(input.listeners.map(({ name }) => name));
  return names.size === input.listeners.length ? undefined : "A listener is named twice.";
}

function directoriesFault(image: ClusterImage, input: RegisterBrokerInput): string | undefined {
  const { brokerId, logDirs } = input;
  if (logDirs.length === 0) return "No directories specified in request.";
  if (logDirs.some(isReservedId)) return "Reserved directory ID in request.";
  if (new Set(logDirs).size !== logDirs.length) return "Duplicate directory ID in request.";
  for (const other of image.brokers.values()) {
    const shared = other.logDirs.find((directory) => logDirs.includes(directory));
    if (other.id !== brokerId && shared !== undefined) {
      return `Broker ${other.id} is already registered with directory ${shared}.`;
    }
  }
  return undefined;
}

function featuresFault(image: ClusterImage, input: RegisterBrokerInput): Refused | undefined {
  const { metadataVersion, levels } = image.features;
  for (const [name, level] of [["metadata.version", metadataVersion] as const, ...levels]) {
    const range = input.features.find((feature) => feature.name === name);
    const minimum = range?.minSupportedVersion ?? 0;
    const maximum = range?.maxSupportedVersion ?? 0;
    if (level >= minimum && level <= maximum) continue;
    const supported = `${minimum} to ${maximum}`;
    const message = `Broker ${input.brokerId} supports ${name} ${supported}, not ${level}.`;
    return refused("UNSUPPORTED_VERSION", message);
  }
  return undefined;
}
