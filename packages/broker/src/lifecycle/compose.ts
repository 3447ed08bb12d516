import { assert, type Platform } from "@millrace/platform";
import {
  type EmbeddedMetadata,
  ensureFormatted,
  openEmbeddedMetadata,
  supportedFeatures,
} from "@millrace/metadata";
import {
  createLogEnvironment,
  LogDirectories,
  type LogDirectory,
  LogDirectoryError,
} from "@millrace/storage";

import { Broker } from "../broker.ts";
import {
  type BrokerConfig,
  createConfigValidator,
  DynamicBrokerConfig,
  type LoadedBrokerConfig,
} from "../config/index.ts";
import { recordLogOpener } from "./record-log.ts";

/** What a broker is composed of. */
export interface ComposeOptions {
  readonly platform: Platform;
  readonly loaded: LoadedBrokerConfig;
  /** What is advertised for a listener without a host. */
  readonly machineName: string;
  /** Called when the node cannot go on: its metadata log, or every log directory, failed. */
  readonly onFatal: (error: unknown) => void;
}

/**
 * Opens the folders and the metadata of a node and makes its broker; nothing is served yet.
 * @throws LogDirectoryError when another process has a folder; UnsupportedMetadataError and others
 * when what lies there cannot be served.
 */
export async function composeBroker(options: ComposeOptions): Promise<Broker> {
  const { platform, loaded, machineName } = options;
  const dynamicConfig = new DynamicBrokerConfig(loaded);
  const config = dynamicConfig.current;
  let broker: Broker | undefined;
  const logs = openLogs(options, config, (directory) => broker?.logDirectoryFailed(directory));
  try {
    const formatted = formatFolders(platform, config, logs);
    const metadata = await openMetadata(options, { dynamicConfig, logs, ...formatted });
    broker = new Broker({
      platform,
      dynamicConfig,
      clusterId: formatted.clusterId,
      machineName,
      logs,
      metadata,
      supportedFeatures,
    });
    return broker;
  } catch (error) {
    await logs.close({ brokerEpoch: -1 });
    throw error;
  }
}

function openLogs(
  options: ComposeOptions,
  config: BrokerConfig,
  onFailure: (directory: LogDirectory) => void,
): LogDirectories {
  const { platform, onFatal } = options;
  const environment = createLogEnvironment(platform, {
    recentBatchesBytesMax: config.millraceRecentBatchCacheBytes,
  });
  let areOpen = false;
  const logs = LogDirectories.open(environment, {
    paths: config.logDirs,
    intervals: {
      retentionCheckMs: config.logRetentionCheckIntervalMs,
      recoveryPointCheckpointMs: config.logFlushOffsetCheckpointIntervalMs,
      logStartOffsetCheckpointMs: config.logFlushStartOffsetCheckpointIntervalMs,
      highWatermarkCheckpointMs: config.replicaHighWatermarkCheckpointIntervalMs,
      flushSchedulerMs: config.logFlushSchedulerIntervalMs,
      producerExpirationCheckMs: config.producerIdExpirationCheckIntervalMs,
    },
    onFailure: (directory, error) => {
      onFailure(directory);
      // While the directories are being opened there is nothing yet that could go on without them.
      if (areOpen && logs.directories.every((each) => each.isOffline)) onFatal(error);
    },
  });
  areOpen = true;
  if (logs.directories.every((each) => each.isOffline)) {
    const paths = config.logDirs.join(", ");
    throw new LogDirectoryError("no log directory can be used", { path: paths });
  }
  return logs;
}

function formatFolders(
  platform: Platform,
  config: BrokerConfig,
  logs: LogDirectories,
): { readonly clusterId: string } {
  const { fileSystem, clock, random, logger } = platform;
  const working = logs.directories.filter((directory) => !directory.isOffline);
  const hasData = working.some(({ directoryId }) => directoryId !== undefined);
  const formatted = ensureFormatted({
    fileSystem,
    clock,
    random,
    logDirectories: working.map((directory) => directory.path),
    metadataLogDirectory: config.metadataLogDir,
    nodeId: config.nodeId,
    clusterId: config.clusterId,
  });
  for (const directory of working) {
    const directoryId = formatted.directoryIds.get(directory.path);
    if (directory.directoryId !== undefined || directoryId === undefined) continue;
    const { clusterId } = formatted;
    directory.format({ clusterId, nodeId: config.nodeId, directoryId });
    if (!hasData) continue;
    // A disk was replaced or added: what the metadata says was on the old one is not there.
    const { path } = directory;
    logger.warn("an empty log directory is formatted beside others that hold data", { path });
  }
  return formatted;
}

function openMetadata(
  options: ComposeOptions,
  node: {
    readonly dynamicConfig: DynamicBrokerConfig;
    readonly logs: LogDirectories;
    readonly clusterId: string;
  },
): Promise<EmbeddedMetadata> {
  const { platform, onFatal } = options;
  const { dynamicConfig, logs, clusterId } = node;
  const config = dynamicConfig.current;
  const home = logs.directories.find((directory) => directory.path === config.metadataLogDir);
  assert(home !== undefined, "metadata.log.dir is one of the log directories");
  return openEmbeddedMetadata({
    platform,
    onFatal,
    servedSecurity:
      config.authorizer === undefined
        ? ["scramCredentials", "delegationTokens"]
        : ["acls", "scramCredentials", "delegationTokens"],
    logDirectory: config.metadataLogDir,
    nodeId: config.nodeId,
    clusterId,
    controllerEndpoints: [],
    openRecordLog: recordLogOpener({
      environment: logs.environment,
      wasCleanShutdown: home.cleanShutdownBrokerEpoch !== undefined,
      segmentBytes: config.metadataLogSegmentBytes,
      segmentMs: config.metadataLogSegmentMs,
      onFailure: onFatal,
    }),
    configValidator: createConfigValidator(dynamicConfig),
    defaults: () => {
      const { current } = dynamicConfig;
      return {
        numPartitions: current.numPartitions,
        replicationFactor: current.defaultReplicationFactor,
        minInsyncReplicas: current.minInsyncReplicas,
        isUncleanElectionEnabled: current.uncleanLeaderElectionEnable,
      };
    },
    limits: {
      maxRecordBytesBetweenSnapshots: config.metadataLogMaxRecordBytesBetweenSnapshots,
      maxSnapshotIntervalMs: config.metadataLogMaxSnapshotIntervalMs,
    },
  });
}
