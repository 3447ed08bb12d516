/** What a member of a group says, or what is known of it. Times are of the wall clock, in ms. */
export type GroupEvent = {
  readonly atMs: number;
  readonly group: string;
  readonly member: string;
} & (Assigned | Given | Heartbeat | Ended | Committed | Note);

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
];

/**
 * Reads an event from its line of JSON, in which empty lists and zeros are left out.
 * @throws Error for anything else.
 */
export function parseGroupEvent(line: string): GroupEvent {
  const value: unknown = JSON.parse(line);
  if (!isEventLike(value)) throw new Error(`no event of a group: ${line}`);
  const empty = { member: "", partitions: [], held: [], generation: 0, partition: 0, offset: 0 };
  return { ...empty, ...value };
}

function isEventLike(value: unknown): value is GroupEvent {
  if (typeof value !== "object" || value === null) return false;
  if (!("kind" in value && "atMs" in value && "group" in value)) return false;
  return kinds.includes(String(value.kind)) && typeof value.atMs === "number";
}
