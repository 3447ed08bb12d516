export { assert, unreachable } from "./assert.ts";
export type { Clock, Timer } from "./clock.ts";
export { AssertionError, IoError, MillraceError, NetworkError, OffloadError } from "./errors.ts";
export type {
  DirectoryEntry,
  File,
  FileLock,
  FileStat,
  FileSystem,
  OpenMode,
} from "./file-system.ts";
export type { HttpClient, HttpForm, HttpLimits, HttpPoster } from "./http-client.ts";
export {
  formatJsonLine,
  formatPrettyLine,
  formatTime,
  type LogFormat,
  type LogLine,
} from "./log-line.ts";
export { LoggerTree, type LoggerTreeOptions } from "./logger-tree.ts";
export { MetricsRegistry } from "./metrics-registry.ts";
export { InlineOffload, type InlineOffloadOptions } from "./inline-offload.ts";
export { parseProperties } from "./java-properties.ts";
export type { PropertiesContent, PropertiesFault, PropertyLine } from "./java-properties.ts";
export { copyTo } from "./receive.ts";
export type { LogFields, Logger, LogLevel, LogLevels } from "./logger.ts";
export { logLevels } from "./logger.ts";
export type { Counter, Histogram, InstrumentOptions, MetricLabels, Metrics } from "./metrics.ts";
export type {
  Connection,
  ConnectOptions,
  Listener,
  ListenOptions,
  Network,
  Receiver,
  TlsClientOptions,
  TlsIdentity,
  TlsServerOptions,
  TlsVersion,
} from "./network.ts";
export type { Offload, OffloadContext, OffloadTask } from "./offload.ts";
export type { Platform } from "./platform.ts";
export type { Random } from "./random.ts";
