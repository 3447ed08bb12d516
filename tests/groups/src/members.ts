import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { builtFolder, javaCommand } from "@millrace/conformance/harness";
import { type GroupEvent, parseGroupEvent } from "./group-event.ts";

const pythonProgram = fileURLToPath(new URL("../python/member.py", import.meta.url));

const verifiableConsumer = "org.apache.kafka.tools.VerifiableConsumer";
const cooperativeAssignor = "org.apache.kafka.clients.consumer.CooperativeStickyAssignor";

/** How members of a group agree. */
export type Protocol = "range" | "cooperative" | "consumer" | "share";

/** Who a member is. */
export interface MemberOptions {
  readonly bootstrap: string;
  readonly group: string;
  readonly name: string;
  readonly protocol: Protocol;
  readonly sessionMs: number;
}

/** A member of a group, under the hand of a tormentor. */
export interface Member {
  readonly name: string;
  /** Goes in good order. */
  leave(): void;
  /** Is killed at once. */
  kill(): void;
  /** Stands still, from its next byte on. */
  pause(): void;
  resume(): void;
}

/** Takes what members say. */
export type Listener = (event: GroupEvent) => void;

/** All franz-go members of all groups, in one process. */
export class GoMembers implements AsyncDisposable {
  /** Rejects when the process ends by itself. */
  readonly failed: Promise<never>;
  readonly #child;
  readonly #closed: Promise<unknown>;

  constructor(words: readonly string[], listener: Listener) {
    const [program = "", ...args] = words;
    this.#child = spawn(program, args, { stdio: ["pipe", "pipe", "inherit"] });
    createInterface({ input: this.#child.stdout }).on("line", (line) => {
      listener(parseGroupEvent(line));
    });
    this.#closed = once(this.#child, "close");
    this.failed = this.#closed.then(() => {
      throw new Error(`the Go members ended with ${this.#child.exitCode}`);
    });
    this.failed.catch(() => undefined);
  }

  /** Begins to tell a group's committed offsets. */
  watch(group: string): void {
    this.#say("watch", group);
  }

  /** Begins to write to the queue of a share group, and to tell the group's start offsets. */
  queue(group: string): void {
    this.#say("queue", group);
  }

  /** Writes no more to the queue, and tells where it ends. */
  endQueue(): void {
    this.#say("end");
  }

  join({ name, group, protocol }: MemberOptions): Member {
    this.#say("join", name, group, protocol);
    return {
      name,
      leave: () => this.#say("leave", name),
      kill: () => this.#say("kill", name),
      pause: () => this.#say("pause", name),
      resume: () => this.#say("resume", name),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#closed;
  }

  #say(...words: readonly string[]): void {
    this.#child.stdin.write(`${words.join(" ")}\n`);
  }
}

/** A member in a process of its own. */
export class ProcessMember implements Member, AsyncDisposable {
  readonly name: string;
  readonly group: string;
  readonly #child: ChildProcess;
  readonly #closed: Promise<unknown>;
  #isEnding = false;
  readonly #tell: (kind: "gone" | "held" | "resumed") => void;

  constructor(
    options: MemberOptions,
    words: readonly string[],
    given: {
      readonly parse: (line: string) => GroupEvent | undefined;
      readonly listener: Listener;
    },
  ) {
    const { name, group } = options;
    this.name = name;
    this.group = group;
    const [program = "", ...args] = words;
    this.#child = spawn(program, args, { stdio: ["ignore", "pipe", "ignore"] });
    let isGone = false;
    this.#tell = (kind) => {
      isGone = kind === "gone";
      given.listener({ atMs: Date.now(), group, member: name, kind });
    };
    if (this.#child.stdout !== null) {
      createInterface({ input: this.#child.stdout }).on("line", (line) => {
        const event = isGone ? undefined : given.parse(line);
        if (event !== undefined) given.listener(event);
      });
    }
    this.#closed = once(this.#child, "close");
  }

  /** Whether it is there and was not asked to leave. */
  get isRunning(): boolean {
    const { exitCode, signalCode } = this.#child;
    return exitCode === null && signalCode === null && !this.#isEnding;
  }

  leave(): void {
    this.#isEnding = true;
    this.#child.kill("SIGTERM");
  }

  kill(): void {
    this.#isEnding = true;
    this.#tell("gone");
    this.#child.kill("SIGKILL");
  }

  pause(): void {
    // Said first: threads of a process stop one by one.
    this.#tell("held");
    this.#child.kill("SIGSTOP");
  }

  resume(): void {
    this.#child.kill("SIGCONT");
    this.#tell("resumed");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#closed;
  }
}

/** Kafka's VerifiableConsumer. */
export function javaMember(options: MemberOptions, listener: Listener): ProcessMember {
  const { bootstrap, group, protocol, sessionMs } = options;
  const isConsumer = protocol === "consumer";
  const words: Record<string, string> = {
    "--bootstrap-server": bootstrap,
    "--topic": "chaos",
    "--group-id": group,
    "--reset-policy": "earliest",
    "--group-protocol": isConsumer ? "consumer" : "classic",
  };
  if (!isConsumer) {
    words["--session-timeout"] = String(sessionMs);
    words["--assignment-strategy"] = cooperativeAssignor;
  }
  const held = new Set<number>();
  const parse = (line: string) => verifiableEvent(line, options, held);
  const command = javaCommand(verifiableConsumer, Object.entries(words).flat());
  return new ProcessMember(options, command, { parse, listener });
}

/** librdkafka, by its Python package. */
export function librdkafkaMember(options: MemberOptions, listener: Listener): ProcessMember {
  const { bootstrap, group, name, protocol, sessionMs } = options;
  const python = `${builtFolder("python")}/bin/python`;
  const words = [python, pythonProgram, bootstrap, group, name, protocol, String(sessionMs)];
  return new ProcessMember(options, words, { parse: parseGroupEvent, listener });
}

const verifiableKinds: Readonly<Record<string, "assigned" | "revoked">> = {
  partitions_assigned: "assigned",
  partitions_revoked: "revoked",
};

/** What a line of VerifiableConsumer says about a group; `held` is kept up to date. */
export function verifiableEvent(
  line: string,
  { group, name }: Pick<MemberOptions, "group" | "name">,
  held: Set<number>,
): GroupEvent | undefined {
  const [, timestamp, word = ""] = /"timestamp":(\d+).*"name":"(\w+)"/.exec(line) ?? [];
  const kind = verifiableKinds[word];
  if (kind === undefined) return undefined;
  const partitions = [...line.matchAll(/"partition":(\d+)/g)].map(([, number]) => Number(number));
  for (const partition of partitions) {
    if (kind === "assigned") held.add(partition);
    else held.delete(partition);
  }
  const common = { atMs: Number(timestamp), group, member: name };
  return { ...common, kind, partitions, held: [...held], generation: 0 };
}
