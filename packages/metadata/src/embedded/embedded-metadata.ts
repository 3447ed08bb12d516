import type { Platform } from "@millrace/platform";

import type { Controller } from "../controller/controller.ts";
import type { ConfigValidator, ControllerDefaults } from "../controller/requests.ts";
import type { ClusterImage } from "../image/cluster-image.ts";
import type { MetadataListener } from "../image/image-delta.ts";
import type { Endpoint } from "../image/registrations.ts";
import type { OpenRecordLog } from "../log/record-log.ts";
import type { SecurityMetadata } from "./supported-metadata.ts";

/** What the metadata of a node that is alone is opened with. */
export interface EmbeddedMetadataOptions {
  readonly platform: Platform;
  /** `metadata.log.dir`: the formatted log directory that holds `__cluster_metadata-0`. */
  readonly logDirectory: string;
  readonly nodeId: number;
  readonly clusterId: string;
  /** The CONTROLLER listener as others would reach it, if there is one. */
  readonly controllerEndpoints: readonly Endpoint[];
  readonly openRecordLog: OpenRecordLog;
  readonly configValidator: ConfigValidator;
  /** Read at each decision, so that a change at run time counts. */
  readonly defaults: () => ControllerDefaults;
  readonly limits?: Partial<MetadataLogLimits>;
  /** What this broker keeps to; a folder that has more is refused. Nothing by default. */
  readonly servedSecurity?: readonly SecurityMetadata[];
  /**
   * Called once when the log could not be made durable: what was decided last is unknown, nothing
   * is decided any more, and the process has to stop and start anew.
   */
  readonly onFatal: (message: string) => void;
}

/** When snapshots are written. */
export interface MetadataLogLimits {
  /** `metadata.log.max.record.bytes.between.snapshots`. */
  readonly maxRecordBytesBetweenSnapshots: number;
  /** `metadata.log.max.snapshot.interval.ms`; 0 for never by time. */
  readonly maxSnapshotIntervalMs: number;
}

/** The metadata of a node that is alone: log, controller and image in one process. */
export interface EmbeddedMetadata {
  readonly controller: Controller;
  /** The newest committed image. */
  image(): ClusterImage;
  /** The epoch under which this node controls: the leader epoch of the metadata log. */
  readonly controllerEpoch: number;
  /** The metadata log as others would see it, for DescribeQuorum. */
  logEndOffset(): number;
  /**
   * Tells a listener of every image from now on, beginning at once with a step from the empty image
   * to the newest one.
   */
  subscribe(listener: MetadataListener): void;
  /** Writes out what is under way and closes the log. */
  close(): Promise<void>;
}
