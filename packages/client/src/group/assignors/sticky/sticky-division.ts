import type { AssignablePartition } from "../assignor.ts";

/** What dividing gave. */
export interface StickyDivision {
  readonly partitionsOf: ReadonlyMap<string, readonly AssignablePartition[]>;
  /** Partitions that go from one member to another; undefined when it was not noted. */
  readonly moving: ReadonlyMap<AssignablePartition, string> | undefined;
}
