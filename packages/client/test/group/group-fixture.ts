import { errorCodes, type ErrorName } from "@millrace/protocol";
import type { GroupOptions, MembershipListener } from "../../src/group/membership.ts";
import type { KafkaError } from "../../src/errors/kafka-error.ts";

/** Options of a group, with time-outs that are easy to count with. */
export function groupOptions(changes: Partial<GroupOptions> = {}): GroupOptions {
  return {
    groupId: "group",
    groupProtocol: "classic",
    groupInstanceId: undefined,
    sessionTimeoutMs: 10_000,
    heartbeatIntervalMs: 1_000,
    maxPollIntervalMs: 60_000,
    defaultApiTimeoutMs: 10_000,
    rackId: "",
    partitionAssignors: ["range"],
    groupRemoteAssignor: undefined,
    excludeInternalTopics: true,
    allowAutoCreateTopics: false,
    ...changes,
  };
}

/** A listener that writes down what it hears: "assigned 0,1". */
export class RecordingListener implements MembershipListener {
  readonly events: string[] = [];
  fatal: KafkaError | undefined;
  /** What giving up waits for. */
  revoking: (signal: AbortSignal) => Promise<void> = () => Promise.resolve();

  onAssigned(partitions: readonly { readonly partition: number }[]): Promise<void> {
    return this.#note("assigned", partitions);
  }

  async onRevoked(
    partitions: readonly { readonly partition: number }[],
    signal: AbortSignal,
  ): Promise<void> {
    await this.#note("revoked", partitions);
    await this.revoking(signal);
  }

  onLost(partitions: readonly { readonly partition: number }[]): Promise<void> {
    return this.#note("lost", partitions);
  }

  onFatal(error: KafkaError): void {
    this.fatal = error;
    this.events.push(`fatal ${error.code}`);
  }

  #note(event: string, partitions: readonly { readonly partition: number }[]): Promise<void> {
    this.events.push(`${event} ${partitions.map(({ partition }) => partition).join()}`.trim());
    return Promise.resolve();
  }
}

/** Gives errors one after the other, then none. */
export function errorsInTurn(...names: readonly ErrorName[]): () => number {
  const left = [...names];
  return () => errorCodes[left.shift() ?? "NONE"];
}
