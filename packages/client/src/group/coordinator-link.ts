import type { ApiSchema, ErrorName } from "@millrace/protocol";
import type { Answer, Cluster, CoordinatorKind, RequestFor, SendOptions } from "../cluster.ts";
import { KafkaError } from "../errors/kafka-error.ts";

/** After these the coordinator is looked for again. */
const movedErrors: ReadonlySet<string> = new Set<ErrorName>([
  "NOT_COORDINATOR",
  "COORDINATOR_NOT_AVAILABLE",
]);

/** Asks a group's coordinator, whichever broker that is. */
export class CoordinatorLink {
  readonly groupId: string;
  readonly #cluster: Cluster;
  readonly #kind: CoordinatorKind;
  #coordinator: number | undefined;

  constructor(cluster: Cluster, groupId: string, kind: CoordinatorKind = "group") {
    this.#cluster = cluster;
    this.groupId = groupId;
    this.#kind = kind;
  }

  /** The broker asked last; undefined while none is known. */
  get coordinator(): number | undefined {
    return this.#coordinator;
  }

  /**
   * Sends, looking for the coordinator first where it is not known.
   * @throws KafkaError as `Cluster.send` and `Cluster.coordinator`
   */
  async ask<A extends ApiSchema>(
    api: A,
    request: RequestFor<A>,
    options: SendOptions,
  ): Promise<Answer<A>> {
    const target = await this.find(options.signal);
    try {
      return await this.#cluster.send(target, api, request, options);
    } catch (error) {
      if (error instanceof KafkaError && error.retriable) this.forget();
      throw error;
    }
  }

  /** Finds the coordinator. */
  async find(signal?: AbortSignal): Promise<number> {
    const target = await this.#cluster.coordinator(this.#kind, this.groupId, { signal });
    this.#coordinator = target;
    return target;
  }

  /** Forgets the coordinator when an error in its answer says that it is another by now. */
  heed(code: string): void {
    if (movedErrors.has(code)) this.forget();
  }

  forget(): void {
    this.#coordinator = undefined;
    this.#cluster.forgetCoordinator(this.#kind, this.groupId);
  }
}
