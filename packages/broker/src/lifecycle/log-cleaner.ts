import type { Platform } from "@millrace/platform";
import { LogCleaner, type LogCleanerConfig, type LogDirectories } from "@millrace/storage";

import type { BrokerConfig, DynamicBrokerConfig } from "../config/index.ts";

/** Makes the cleaner of a broker's logs, which follows `log.cleaner.*` as they change. */
export function createLogCleaner(
  platform: Platform,
  logs: LogDirectories,
  dynamicConfig: DynamicBrokerConfig,
): LogCleaner {
  const cleaner = new LogCleaner({
    environment: logs.environment,
    directories: logs.directories,
    offload: platform.offload,
    metrics: platform.metrics,
    config: cleanerConfigOf(dynamicConfig.current),
  });
  dynamicConfig.onChange((current) => cleaner.updateConfig(cleanerConfigOf(current)));
  return cleaner;
}

/** What a broker's configuration says to its cleaner. */
export function cleanerConfigOf(config: BrokerConfig): Partial<LogCleanerConfig> {
  return {
    isEnabled: config.logCleanerEnable,
    backoffMs: config.logCleanerBackoffMs,
    offsetMapBytesMax: config.logCleanerDedupeBufferSize,
    offsetMapLoadFactor: config.logCleanerIoBufferLoadFactor,
    ioBytesPerSecond: config.logCleanerIoMaxBytesPerSecond,
  };
}
