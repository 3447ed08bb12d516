import { type BrokerId, errorCodes, FindCoordinator, type ResponseOf } from "@millrace/protocol";
import type { Cluster, CoordinatorKind, WaitOptions } from "../cluster.ts";
import { errorFromCode, type KafkaError } from "../errors/kafka-error.ts";
import type { BrokerDirectory } from "../network/broker-directory.ts";
import { retrying } from "../retry/retrying.ts";

/** What it asks, and what it tells of brokers. */
export interface CoordinatorsOptions {
  readonly cluster: Pick<Cluster, "clock" | "random" | "options" | "sendToAny">;
  readonly directory: BrokerDirectory;
}

const keyTypes = { group: 0, transaction: 1, share: 2 } as const;
/** From this version on, one question may be about several keys. */
const batchedVersion = 4;

/** Who coordinates which group and which transactional id; found once and remembered. */
export class Coordinators {
  readonly #options: CoordinatorsOptions;
  readonly #known = new Map<string, BrokerId>();
  readonly #finding = new Map<string, Promise<BrokerId>>();

  constructor(options: CoordinatorsOptions) {
    this.#options = options;
  }

  /** Forgets one: it has moved. */
  forget(kind: CoordinatorKind, key: string): void {
    this.#known.delete(`${kind}:${key}`);
  }

  /** @throws KafkaError COORDINATOR_NOT_AVAILABLE …, GROUP_AUTHORIZATION_FAILED … */
  async find(kind: CoordinatorKind, key: string, options: WaitOptions): Promise<BrokerId> {
    const name = `${kind}:${key}`;
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    // A caller with limits of its own asks alone; the others share a question.
    const isPlain = options.signal === undefined && options.timeoutMs === undefined;
    const underway = this.#finding.get(name);
    if (isPlain && underway !== undefined) return underway;
    const finding = this.#ask(kind, key, options);
    if (!isPlain) return finding;
    this.#finding.set(name, finding);
    try {
      return await finding;
    } finally {
      this.#finding.delete(name);
    }
  }

  async #ask(kind: CoordinatorKind, key: string, options: WaitOptions): Promise<BrokerId> {
    const { cluster, directory } = this.#options;
    const what = `finding the coordinator of ${kind} ${key}`;
    const { signal, timeoutMs } = options;
    return retrying(cluster, { what, signal, timeoutMs }, async () => {
      const answer = await cluster.sendToAny(
        FindCoordinator,
        (version) =>
          version < batchedVersion
            ? { key, ...(version === 0 ? {} : { keyType: keyTypes[kind] }) }
            : { keyType: keyTypes[kind], coordinatorKeys: [key] },
        // Version 0 knows groups alone; 6 has share groups.
        { signal, minVersion: kind === "group" ? 0 : kind === "transaction" ? 1 : 6 },
      );
      const found = coordinatorIn(answer.body, answer.version);
      if (found.errorCode !== errorCodes.NONE) throw refusal(kind, key, found);
      const { nodeId, host, port } = found;
      directory.learn({ id: nodeId, host, port });
      this.#known.set(`${kind}:${key}`, nodeId);
      return nodeId;
    });
  }
}

type Found = Omit<ResponseOf<typeof FindCoordinator>["coordinators"][number], "key">;

function coordinatorIn(body: ResponseOf<typeof FindCoordinator>, version: number): Found {
  const [first] = body.coordinators;
  return version < batchedVersion || first === undefined ? body : first;
}

function refusal(kind: CoordinatorKind, key: string, found: Found): KafkaError {
  return errorFromCode(found.errorCode, {
    what: `${kind} ${key} has no coordinator`,
    brokerMessage: found.errorMessage,
    api: FindCoordinator.name,
    ...(kind === "group" ? { group: key } : {}),
  });
}
