import type { Platform } from "@millrace/platform";

import { ensureFormatted } from "../../src/directory/format.ts";
import type {
  EmbeddedMetadata,
  EmbeddedMetadataOptions,
} from "../../src/embedded/embedded-metadata.ts";
import { openEmbeddedMetadata } from "../../src/embedded/open-embedded-metadata.ts";
import { kraftVersionFeature, supportedFeatures } from "../../src/records/feature-levels.ts";
import { freshUuid } from "../../src/controller/uuids.ts";
import { laxValidator } from "./decisions.ts";
import { FileRecordLog } from "./file-record-log.ts";

/** The data folder of the nodes that tests open. */
export const nodeDirectory = "/data";

/** Opens, after formatting it if need be, the metadata of node 1. */
export function openNode(
  platform: Platform,
  overrides: Partial<EmbeddedMetadataOptions> = {},
): Promise<EmbeddedMetadata> {
  const { clusterId } = format(platform);
  return openEmbeddedMetadata({
    platform,
    logDirectory: nodeDirectory,
    nodeId: 1,
    clusterId,
    controllerEndpoints: [],
    openRecordLog: async (directory) => new FileRecordLog(platform.fileSystem, directory),
    configValidator: laxValidator,
    servedSecurity: ["acls", "scramCredentials", "delegationTokens"],
    defaults: () => ({
      numPartitions: 1,
      replicationFactor: 1,
      minInsyncReplicas: 1,
      isUncleanElectionEnabled: false,
    }),
    onFatal: (message) => {
      throw new Error(message);
    },
    ...overrides,
  });
}

/** Registers and unfences broker 1, as a broker does at its start; gives the broker epoch. */
export async function joinBroker(
  platform: Platform,
  metadata: EmbeddedMetadata,
  previousBrokerEpoch = -1,
): Promise<number> {
  const { clusterId, directoryIds } = format(platform);
  const registered = await metadata.controller.registerBroker({
    brokerId: 1,
    clusterId,
    incarnationId: freshUuid(platform.random),
    listeners: [{ name: "PLAINTEXT", host: "127.0.0.1", port: 9_092, securityProtocol: 0 }],
    features: [...supportedFeatures, kraftVersionFeature],
    rack: null,
    logDirs: [...directoryIds.values()],
    previousBrokerEpoch,
  });
  if (registered.kind === "refused") throw new Error(registered.message);
  await beat(metadata, registered.value);
  return registered.value;
}

/** Sends a heartbeat of broker 1. */
export async function beat(metadata: EmbeddedMetadata, brokerEpoch: number, wantShutDown = false) {
  const answer = await metadata.controller.brokerHeartbeat({
    brokerId: 1,
    brokerEpoch,
    currentMetadataOffset: metadata.image().provenance.lastContainedOffset,
    wantFence: false,
    wantShutDown,
    offlineLogDirs: [],
    cordonedLogDirs: [],
  });
  if (answer.kind === "refused") throw new Error(answer.message);
  return answer.value;
}

function format(platform: Platform) {
  const { fileSystem, clock, random } = platform;
  const logDirectories = [nodeDirectory];
  const metadataLogDirectory = nodeDirectory;
  return ensureFormatted({
    fileSystem,
    clock,
    random,
    logDirectories,
    metadataLogDirectory,
    nodeId: 1,
  });
}
