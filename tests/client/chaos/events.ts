/** What the load of a chaos run tells, a line of JSON each, in the order in which it happened. */
export type ChaosEvent = { readonly atMs: number } & ChaosFact;

/** Where a record lies. */
export interface At {
  readonly partition: number;
  readonly offset: number;
}

/** A thing that the load did or saw. A `value` is `PRODUCER:SEQUENCE`. */
export type ChaosFact =
  /** A promise of `send` ended well. */
  | ({ readonly kind: "stored"; readonly value: string } & At)
  /** A flush ended well: everything that the producer was given up to here is stored. */
  | { readonly kind: "flushed"; readonly producer: string; readonly lastSequence: number }
  /** A record was lost, as its promise or the flush said. */
  | { readonly kind: "refused"; readonly producer: string; readonly error: string }
  /** A handler begins and ends. */
  | ({
      readonly kind: "begun" | "finished";
      readonly member: string;
      readonly value: string;
    } & At)
  | {
      readonly kind: "assigned" | "revoked" | "lost";
      readonly member: string;
      readonly partitions: readonly number[];
    }
  /** Somebody joins or has left, as was wanted. */
  | { readonly kind: "joined" | "left"; readonly member: string }
  /** A transaction with copies was committed. */
  | { readonly kind: "copied"; readonly member: string; readonly count: number }
  /** A share consumer got a record; the broker took its acknowledgement. */
  | ({ readonly kind: "shared"; readonly member: string; readonly value: string } & At)
  | {
      readonly kind: "accepted";
      readonly member: string;
      readonly partition: number;
      readonly offsets: readonly number[];
    }
  /** A loop or a transaction ended with an error. */
  | {
      readonly kind: "threw";
      readonly member: string;
      readonly what: "loop" | "transaction";
      readonly error: string;
    }
  | {
      readonly kind: "health";
      readonly member: string;
      readonly isHealthy: boolean;
      readonly problems: readonly string[];
      readonly partitions: readonly number[];
    }
  /** What the coordinator says that a group has committed. */
  | ({ readonly kind: "committed"; readonly group: string } & At)
  | { readonly kind: "memory"; readonly rssBytes: number; readonly heapBytes: number }
  /** The load has reached a point of its life. */
  | { readonly kind: "phase"; readonly name: LoadPhase }
  /** Everything is closed, and this still holds the process. */
  | { readonly kind: "held"; readonly resources: readonly string[] };

/** A point of the load's life: it works; all producers are closed; everything is closed. */
export type LoadPhase = "working" | "produced" | "closed";

/** What a load is started with. */
export interface LoadSettings {
  readonly bootstrap: string;
  readonly seed: number;
  /** Records a second of each producer. */
  readonly rate: number;
}

/** What it is told while it works, a line each. */
export type LoadCommand = "stop" | "close";

/** Names that both sides use. */
export const topics = {
  orders: "orders",
  copies: { classic: "copies-classic", consumer: "copies-consumer" },
} as const;

export const partitionCount = 4;

/** Keys of each producer. */
export const keyCount = 12;

/** The protocols of groups. */
export const protocols = ["classic", "consumer"] as const;

/** The group of a member: what comes before its slash. */
export function groupOf(member: string): string {
  return member.slice(0, member.indexOf("/"));
}

/** The producer of a value, and its place in what that producer sent. */
export function partsOf(value: string): { readonly producer: string; readonly sequence: number } {
  const colon = value.lastIndexOf(":");
  return { producer: value.slice(0, colon), sequence: Number(value.slice(colon + 1)) };
}

/** The key that a producer gives to its record. */
export function keyOf(value: string): string {
  const { producer, sequence } = partsOf(value);
  return `${producer}-${sequence % keyCount}`;
}
