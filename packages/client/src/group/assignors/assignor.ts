import type { AssignorMember, TopicPartition } from "../membership.ts";

/** How a group hands partitions over: all given up first, or only those that move. */
export type RebalanceProtocol = "eager" | "cooperative";

/** A partition that can be assigned. */
export interface AssignablePartition extends TopicPartition {
  /** The racks of its replicas that have one; empty when racks are not known. */
  readonly racks: readonly string[];
}

/** What a group's leader decides about. */
export interface AssignorInput {
  /** The topics that exist, each with its partitions from 0 upwards. */
  readonly topics: ReadonlyMap<string, readonly AssignablePartition[]>;
  /** By member id, in the coordinator's order. */
  readonly members: ReadonlyMap<string, AssignorMember>;
}

/** What each member gets, by member id; one that is left out gets nothing. */
export type GroupAssignment = ReadonlyMap<string, readonly TopicPartition[]>;

/**
 * Divides the partitions of a classic group among its members; the group's leader runs it for all.
 * One object serves one consumer: it may remember what its own member got.
 */
export interface Assignor {
  /** By this name the members agree on an assignor: the same in all of them, whatever language. */
  readonly name: string;
  readonly protocols: readonly RebalanceProtocol[];
  /** What goes along with this member's subscription; null for nothing. */
  userData(topics: readonly string[]): Uint8Array | null;
  assign(input: AssignorInput): GroupAssignment;
  /** Tells what this member got. */
  onAssignment(partitions: readonly TopicPartition[], generation: number): void;
}

/** Gives the rest of an assignor that remembers nothing and tells nothing. */
export function statelessAssignor(
  name: string,
  assign: (input: AssignorInput) => GroupAssignment,
): Assignor {
  return {
    name,
    protocols: ["eager"],
    assign,
    userData: () => null,
    onAssignment: () => undefined,
  };
}
