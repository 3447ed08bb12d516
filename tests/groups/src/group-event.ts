/** What a member of a group says, or what is known of it. Times are of the wall clock, in ms. */
export type GroupEvent = {
  readonly atMs: number;
  readonly group: string;
  readonly member: string;
} & (Assigned | Given | Heartbeat | Ended | Committed | Note | ShareWords);

/** Its callback was called: partitions are its own from here on. */
export interface Assigned {
  readonly kind: "assigned";
  readonly partitions: readonly number[];
  /** All that it has now. */
  readonly held: readonly number[];
  /** Generation or member epoch; 0 for clients that do not tell. */
  readonly generation: number;
}

/** Its callback has returned: it has given partitions back, or knows that they were taken. */
export interface Given {
  readonly kind: "revoked" | "lost";
  readonly partitions: readonly number[];
  readonly held: readonly number[];
  readonly generation: number;
}

/** A heartbeat was answered, whatever the answer was. */
export interface Heartbeat {
  readonly kind: "heartbeat";
  readonly sentAtMs: number;
}

/**
 * `gone`: it was killed. `held`: it was stopped in the middle of what it did, and cannot know what
 * became of its partitions. `resumed`: it goes on, first with answers of before.
 */
export interface Ended {
  readonly kind: "gone" | "held" | "resumed";
}

/** The group's committed offset of a partition, as somebody else reads it. */
export interface Committed {
  readonly kind: "committed";
  readonly partition: number;
  readonly offset: number;
}

/** Something for people. */
export interface Note {
  readonly kind: "note";
  readonly reason: string;
}

/** What members of share groups say besides, and what is known of their topic. */
export type ShareWords = Acquired | Acknowledged | Dropped | QueueFact;

/** It got records of a partition, each for the so-many-th time that anybody got it. */
export interface Acquired {
  readonly kind: "acquired";
  readonly partition: number;
  readonly offsets: readonly number[];
  readonly counts: readonly number[];
  /** When the locks end as the client reckons: never earlier than the broker. */
  readonly deadlineMs: number;
}

/** It says what it made of them: before it tells the broker, and after the broker has agreed. */
export interface Acknowledged {
  readonly kind: "acknowledging" | "acknowledged";
  readonly partition: number;
  /** Accepted and rejected. */
  readonly offsets: readonly number[];
  readonly released: readonly number[];
}

/**
 * `dropped`: a connection ended, and with it the locks. `standing`: its network stands still.
 * `going`: it goes on.
 */
export interface Dropped {
  readonly kind: "dropped" | "standing" | "going";
}

/**
 * `produced`: where a partition of the queue ends, when nobody writes to it any more. `lag`: how
 * many records of it the group has still to do, by what the broker says.
 */
export interface QueueFact {
  readonly kind: "produced" | "lag";
  readonly partition: number;
  readonly offset: number;
}

const kinds: readonly string[] = [
  "assigned",
  "revoked",
  "lost",
  "heartbeat",
  "gone",
  "held",
  "resumed",
  "committed",
  "note",
  "acquired",
  "acknowledging",
  "acknowledged",
  "dropped",
  "standing",
  "going",
  "produced",
  "lag",
];

/**
 * Reads an event from its line of JSON, in which empty lists and zeros are left out.
 * @throws Error for anything else.
 */
export function parseGroupEvent(line: string): GroupEvent {
  const value: unknown = JSON.parse(line);
  if (!isEventLike(value)) throw new Error(`no event of a group: ${line}`);
  const lists = { partitions: [], held: [], offsets: [], counts: [], released: [] };
  const zeros = { generation: 0, partition: 0, offset: 0 };
  const empty = { ...lists, ...zeros };
  return { ...empty, ...value };
}

function isEventLike(value: unknown): value is GroupEvent {
  if (typeof value !== "object" || value === null) return false;
  if (!("kind" in value && "atMs" in value && "group" in value)) return false;
  return kinds.includes(String(value.kind)) && typeof value.atMs === "number" && "member" in value;
}
