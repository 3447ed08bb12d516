import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { nodePlatform } from "@millrace/platform/node";
import type { SimPlatform } from "@millrace/platform/sim";
import { buildRecordBatch, type RecordBatchOptions } from "@millrace/protocol";
import {
  createLog,
  createLogEnvironment,
  defaultLogConfig,
  type LogConfig,
  type LogDirectoryState,
  type LogEnvironment,
  type PartitionLog,
  type StorageLimits,
} from "../src/index.ts";

/** A folder that goes with its test. */
export function temporaryFolder(context: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), "millrace-storage-"));
  context.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** The real files and clock, quiet. */
export function realEnvironment(limits: Partial<StorageLimits> = {}): LogEnvironment {
  return createLogEnvironment(
    nodePlatform({ logLevel: "error", hasProcessMetrics: false }),
    limits,
  );
}

/** A log directory's state that only remembers. */
export class TestDirectoryState implements LogDirectoryState {
  isOffline = false;
  error: unknown;

  fail(error: unknown): void {
    this.isOffline = true;
    this.error ??= error;
  }

  lowerRecoveryPoints(): void {
    // A test gives its own recovery points.
  }
}

/** A configuration with a few values changed. */
export function configWith(changes: Partial<LogConfig> = {}): LogConfig {
  return { ...defaultLogConfig, ...changes };
}

/** A new log `orders-0` in a folder. */
export function newLog(
  environment: LogEnvironment,
  folder: string,
  config: Partial<LogConfig> = {},
): PartitionLog {
  return createLog(environment, {
    path: join(folder, "orders-0"),
    config: configWith(config),
    directoryState: new TestDirectoryState(),
    topicId: "AAAAAAAAAAAAAAAAAAAAAQ",
  });
}

/** A batch of records with the given values, as a producer sends it. */
export function batchOf(values: readonly string[], options: BatchOptions = {}): Buffer {
  const { timestamp = 1_700_000_000_000, key = null, ...header } = options;
  return buildRecordBatch(
    values.map((value) => ({
      timestamp,
      key: key === null ? null : Buffer.from(key),
      value: Buffer.from(value),
    })),
    header,
  );
}

/** What a test's batch says beside its values. */
export interface BatchOptions extends RecordBatchOptions {
  readonly timestamp?: number;
  readonly key?: string | null;
}

/** A simulated machine's files and clock; reads settle as its clock is advanced. */
export function simEnvironment(
  platform: SimPlatform,
  limits: Partial<StorageLimits> = {},
): LogEnvironment {
  return createLogEnvironment(platform, limits);
}

/** Waits for a promise while the simulated clock runs. */
export async function settle<Result>(
  platform: SimPlatform,
  promise: Promise<Result> | Result,
): Promise<Result> {
  let isDone = false;
  const watched = Promise.resolve(promise).finally(() => {
    isDone = true;
  });
  watched.catch(() => {});
  await platform.clock.runUntil(() => isDone, 60_000);
  return watched;
}
