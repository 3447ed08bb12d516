import type { Cluster } from "../cluster.ts";
import { asKafkaError, type KafkaError } from "../errors/kafka-error.ts";
import { chooseProtocol, hasMixedMembers, type SpokenProtocol } from "./choose-protocol.ts";
import { ClassicMembership } from "./classic/classic-membership.ts";
import { ConsumerMembership } from "./consumer/consumer-membership.ts";
import { CoordinatorLink } from "./coordinator-link.ts";
import type {
  GroupMetadata,
  GroupOptions,
  Membership,
  MembershipHealth,
  MembershipListener,
  Subscription,
  TopicPartition,
} from "./membership.ts";

type Spoken = ClassicMembership | ConsumerMembership;

/**
 * A member that looks first what its group speaks (`groupProtocol: "auto"`), and joins it so. It
 * converts no group (docs/decisions/018-auto-group-protocol.md): where a classic member came in
 * between looking and joining, it goes out again
 * and joins the classic way.
 */
export class AutoMembership implements Membership {
  readonly #cluster: Cluster;
  readonly #options: GroupOptions;
  readonly #listener: MembershipListener;
  readonly #link: CoordinatorLink;
  readonly #abort = new AbortController();
  #spoken: Spoken | undefined;
  #subscription: Subscription | undefined;
  #choosing: Promise<void> | undefined;
  #state: MembershipHealth["state"] = "unsubscribed";
  #error: KafkaError | undefined;
  /** The group may be looked at again once; then it is taken as it is. */
  #looksLeft = 2;

  constructor(cluster: Cluster, options: GroupOptions, listener: MembershipListener) {
    this.#cluster = cluster;
    this.#options = options;
    this.#listener = listener;
    this.#link = new CoordinatorLink(cluster, options.groupId);
  }

  /** The membership that speaks; undefined while it is not known which one. */
  get spoken(): Spoken | undefined {
    return this.#spoken;
  }

  subscribe(subscription: Subscription): void {
    this.#subscription = subscription;
    if (this.#spoken !== undefined) this.#spoken.subscribe(subscription);
    else this.#choosing ??= this.#choose();
  }

  async unsubscribe(): Promise<void> {
    this.#subscription = undefined;
    await this.#spoken?.unsubscribe();
  }

  assignment(): readonly TopicPartition[] {
    return this.#spoken?.assignment() ?? [];
  }

  metadata(): GroupMetadata {
    const { groupId, groupInstanceId } = this.#options;
    const nobody = { groupId, groupInstanceId, memberId: "", generationId: -1 };
    return this.#spoken?.metadata() ?? nobody;
  }

  pollActivity(): void {
    this.#spoken?.pollActivity();
  }

  enforceRebalance(reason: string): void {
    this.#spoken?.enforceRebalance(reason);
  }

  health(): MembershipHealth {
    const unknown = {
      state: this.#state,
      protocol: undefined,
      lastHeartbeatAtMs: -1,
      lastRebalanceAtMs: -1,
      rebalanceCount: 0,
      coordinator: this.#link.coordinator,
      error: this.#error,
    };
    return this.#spoken?.health() ?? unknown;
  }

  async close(options?: Parameters<Membership["close"]>[0]): Promise<void> {
    this.#subscription = undefined;
    this.#abort.abort();
    await this.#choosing;
    await this.#spoken?.close(options);
    this.#state = "closed";
  }

  async #choose(): Promise<void> {
    const { signal } = this.#abort;
    this.#state = "joining";
    this.#looksLeft -= 1;
    try {
      this.#speak(await chooseProtocol(this.#cluster, this.#link, signal));
    } catch (thrown) {
      if (signal.aborted) return;
      const what = "the group's protocol cannot be found out";
      const error = asKafkaError(thrown, "UNKNOWN_SERVER_ERROR", { what });
      this.#state = "failed";
      this.#error = error;
      this.#listener.onFatal(error);
    } finally {
      this.#choosing = undefined;
    }
  }

  #speak(protocol: SpokenProtocol): void {
    const spoken =
      protocol === "classic"
        ? new ClassicMembership(this.#cluster, this.#options, this.#listener)
        : new ConsumerMembership(this.#cluster, this.#options, this.#listener, {
            onJoined: () => void this.#lookAgain(),
            onRefused: (error) => this.#onRefused(error),
          });
    this.#spoken = spoken;
    if (this.#subscription !== undefined) spoken.subscribe(this.#subscription);
  }

  /** It is a member now. Did that convert a group that was classic by then? */
  async #lookAgain(): Promise<void> {
    const mine = this.#spoken;
    if (this.#looksLeft === 0 || mine === undefined) return;
    this.#looksLeft = 0;
    // Whoever cannot be asked is not asked again: the group works either way.
    const isMixed = await hasMixedMembers(this.#link, this.#abort.signal).catch(() => false);
    if (!isMixed || this.#spoken !== mine || this.#abort.signal.aborted) return;
    await mine.close({ leaveGroup: true });
    if (this.#subscription !== undefined) this.#speak("classic");
  }

  /** KIP-848 was refused: the group became classic, or the cluster does not have it after all. */
  #onRefused(error: KafkaError): boolean {
    const isAboutType = error.code === "GROUP_ID_NOT_FOUND" || error.code === "UNSUPPORTED_VERSION";
    if (!isAboutType || this.#abort.signal.aborted) return false;
    this.#speak("classic");
    return true;
  }
}
