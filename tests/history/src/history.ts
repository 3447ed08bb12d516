/**
 * What clients did and saw, event by event, in the order in which it became known. A client is a
 * process; its operations follow each other, each with an `invoke` and at most one end.
 */
export type HistoryEvent = Phased & (Write | Poll | Assign | ReadAll);

/** Who tells, and at which end of the operation. */
interface Phased {
  readonly phase: Phase;
  readonly process: string;
}

/**
 * `ok`: done. `fail`: certainly without effect. `info`: not known. An operation without an end is
 * as one that ended in `info`, and a read tells what it saw at its end.
 */
export type Phase = "invoke" | "ok" | "fail" | "info";

/** Records written together: a transaction, or one write. All of them take effect, or none. */
export interface Write {
  readonly operation: "write";
  readonly sends: readonly Send[];
  /** Offsets that a group commits with it. */
  readonly commits?: readonly Commit[];
}

/** A record of a write. No two sends of a history have the same value. */
export interface Send {
  /** `TOPIC-NUMBER`. */
  readonly partition: string;
  readonly value: string;
  /** Where it lies, once it was acknowledged. */
  readonly offset?: number;
  /** The record that it is a copy of. */
  readonly source?: Place;
}

/** Where a record lies. */
export interface Place {
  readonly partition: string;
  readonly offset: number;
}

/** A position that a group keeps: the next offset to read. */
export interface Commit extends Place {
  readonly group: string;
}

/** A record as a reader of committed records saw it. */
export interface Seen extends Place {
  readonly value: string;
}

/** Some records, in the order in which the client got them. */
export interface Poll {
  readonly operation: "poll";
  readonly records: readonly Seen[];
}

/** From here on the process reads other partitions, or the same from other positions. */
export interface Assign {
  readonly operation: "assign";
  /** Where it begins, as far as that is known. */
  readonly positions: readonly Place[];
}

/** All committed records of a partition, when no transaction was open in it. */
export interface ReadAll {
  readonly operation: "read-all";
  readonly partition: string;
  readonly records: readonly Seen[];
}
