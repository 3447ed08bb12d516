import type { AssignorMember, CustomAssignor, TopicPartition } from "../group/membership.ts";
import { KafkaJSNotImplemented } from "./errors.ts";

/**
 * kafkajs's own assigner, with its name on the wire: kafkajs and this library can be members of one
 * group while an application is rolled out. Partitions go round the members by their ids, each to
 * one that subscribed to the topic.
 */
export const roundRobinAssigner: CustomAssignor = {
  name: "RoundRobinAssigner",
  rebalanceProtocols: ["eager"],
  assign(members, partitionCounts) {
    const given = new Map<string, TopicPartition[]>(members.map(({ memberId }) => [memberId, []]));
    const sorted = members.toSorted((one, other) => (one.memberId < other.memberId ? -1 : 1));
    let turn = 0;
    for (const topic of [...partitionCounts.keys()].sort()) {
      const takers = sorted.filter(({ topics }) => topics.includes(topic));
      if (takers.length === 0) continue;
      for (let partition = 0; partition < (partitionCounts.get(topic) ?? 0); partition += 1) {
        given.get(memberAt(takers, turn))?.push({ topic, partition });
        turn += 1;
      }
    }
    return given;
  },
};

/** Assigners of kafkajs. */
export const PartitionAssigners: { readonly roundRobin: CustomAssignor } = {
  roundRobin: roundRobinAssigner,
};

/**
 * Checks what `partitionAssigners` names: ours, or objects of the client's `CustomAssignor`.
 * @throws KafkaJSNotImplemented for kafkajs's functions
 */
export function assignersOf(
  given: readonly CustomAssignor[] = [roundRobinAssigner],
): readonly CustomAssignor[] {
  for (const assigner of given) {
    if (typeof assigner === "object") continue;
    const instead = "give an object with name and assign(members, partitionCounts)";
    throw new KafkaJSNotImplemented(`partitionAssigners: a function is not taken; ${instead}`);
  }
  return given;
}

function memberAt(members: readonly AssignorMember[], turn: number): string {
  return members[turn % members.length]?.memberId ?? "";
}

/** What a member says when it joins. */
export interface MemberMetadata {
  readonly version: number;
  readonly topics: readonly string[];
  readonly userData?: Uint8Array;
}

/** What a member is given. */
export interface MemberAssignment {
  readonly version: number;
  readonly assignment: Readonly<Record<string, readonly number[]>>;
  readonly userData?: Uint8Array;
}

/** Reads and writes the bytes that members of a group exchange; those of `describeGroup`. */
export const AssignerProtocol: {
  readonly MemberMetadata: {
    readonly encode: (metadata: MemberMetadata) => Buffer;
    readonly decode: (buffer: Buffer) => Required<MemberMetadata> | null;
  };
  readonly MemberAssignment: {
    readonly encode: (assignment: MemberAssignment) => Buffer;
    readonly decode: (buffer: Buffer) => Required<MemberAssignment> | null;
  };
} = {
  MemberMetadata: {
    encode: ({ version, topics, userData = Buffer.alloc(0) }) =>
      Buffer.concat([int16(version), array(topics.map(text)), bytes(userData)]),
    decode: (buffer) => {
      if (buffer.length < 2) return null;
      const from = new Bytes(buffer);
      return {
        version: from.int16(),
        topics: from.array(() => from.text()),
        userData: from.bytes(),
      };
    },
  },
  MemberAssignment: {
    encode: ({ version, assignment, userData = Buffer.alloc(0) }) => {
      const topics = Object.entries(assignment).map(([topic, partitions]) =>
        Buffer.concat([text(topic), array(partitions.map(int32))]),
      );
      return Buffer.concat([int16(version), array(topics), bytes(userData)]);
    },
    decode: (buffer) => {
      if (buffer.length < 2) return null;
      const from = new Bytes(buffer);
      const version = from.int16();
      const topics = from.array(() => {
        const topic = from.text();
        return [topic, from.array(() => from.int32())] as const;
      });
      return { version, assignment: Object.fromEntries(topics), userData: from.bytes() };
    },
  },
};

/** Reads the classic protocol's fields one after the other. */
class Bytes {
  readonly #buffer: Buffer;
  #position = 0;

  constructor(buffer: Buffer) {
    this.#buffer = buffer;
  }

  int16(): number {
    this.#position += 2;
    return this.#buffer.readInt16BE(this.#position - 2);
  }

  int32(): number {
    this.#position += 4;
    return this.#buffer.readInt32BE(this.#position - 4);
  }

  text(): string {
    return this.#take(this.int16()).toString("utf8");
  }

  /** Bytes; none when there are none. */
  bytes(): Buffer {
    return this.#position < this.#buffer.length ? this.#take(this.int32()) : Buffer.alloc(0);
  }

  array<T>(element: () => T): T[] {
    return Array.from({ length: this.int32() }, element);
  }

  #take(sizeBytes: number): Buffer {
    const from = this.#position;
    this.#position += Math.max(0, sizeBytes);
    return this.#buffer.subarray(from, this.#position);
  }
}

function int16(value: number): Buffer {
  const buffer = Buffer.alloc(2);
  buffer.writeInt16BE(value);
  return buffer;
}

function int32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeInt32BE(value);
  return buffer;
}

function text(value: string): Buffer {
  const encoded = Buffer.from(value);
  return Buffer.concat([int16(encoded.length), encoded]);
}

function bytes(value: Uint8Array): Buffer {
  return Buffer.concat([int32(value.length), value]);
}

function array(elements: readonly Buffer[]): Buffer {
  return Buffer.concat([int32(elements.length), ...elements]);
}
