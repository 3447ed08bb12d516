import type { Clock, Logger, Random } from "@millrace/platform";
import type { Uuid } from "@millrace/protocol";

import type { AclBinding, AclFilter } from "../image/acl-filter.ts";
import type { ClusterImage } from "../image/cluster-image.ts";
import { ImageBuilder } from "../image/image-builder.ts";
import type { MetadataUpdate } from "../image/image-delta.ts";
import type { AppendResult, MetadataLog, PendingAppend } from "../log/metadata-log.ts";
import type { MetadataRecord } from "../records/metadata-record.ts";
import { decideCreateAcls, decideDeleteAcls } from "./alter-acls.ts";
import { decideAlterClientQuotas } from "./alter-client-quotas.ts";
import { decideAlterConfigs, decideIncrementalAlterConfigs } from "./alter-configs.ts";
import { decideAssignReplicas } from "./assign-replicas.ts";
import { decideBrokerHeartbeat } from "./broker-heartbeat.ts";
import type { Controller } from "./controller.ts";
import { decideCreatePartitions } from "./create-partitions.ts";
import { decideCreateTopics } from "./create-topics.ts";
import type { Decision, DecisionContext } from "./decision.ts";
import {
  decideCreateDelegationToken,
  decideExpireDelegationToken,
  decideRemoveExpiredTokens,
  decideRenewDelegationToken,
} from "./delegation-tokens.ts";
import { decideDeleteTopics } from "./delete-topics.ts";
import { decideElectLeaders } from "./elect-leaders.ts";
import type { Outcome } from "./outcome.ts";
import { refused } from "./outcome.ts";
import { decideAllocateProducerIds } from "./producer-ids.ts";
import { decideRegisterBroker, decideUnregisterBroker } from "./register-broker.ts";
import type * as requests from "./requests.ts";
import { decideAlterScramCredentials } from "./scram-credentials.ts";
import { decideUpdateFeatures } from "./update-features.ts";

/** A committed step, with the bytes that it took in the log. */
export interface CommittedUpdate extends MetadataUpdate {
  readonly sizeBytes: number;
}

/** What the controller of this node works with. */
export interface LocalControllerOptions {
  readonly log: MetadataLog;
  /** The state that the log holds. */
  readonly image: ClusterImage;
  readonly clusterId: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly configValidator: requests.ConfigValidator;
  readonly defaults: () => requests.ControllerDefaults;
  /** Takes each step once it is committed, in order. */
  readonly publish: (update: CommittedUpdate) => void;
  /** Called once when an append is not known to be committed: this node must control no more. */
  readonly onResign: (result: Exclude<AppendResult, "committed">) => void;
}

/**
 * The controller that leads the metadata log on this node.
 *
 * A decision is made against the state with everything decided before it, committed or not, so that
 * requests need not wait for each other's sync; its answer leaves, and listeners learn of it, once
 * it and all before it are committed.
 */
export class LocalController implements Controller {
  readonly #options: LocalControllerOptions;
  #image: ClusterImage;
  /** The newest append; what a decision saw is committed when this is. */
  #lastAppend: Promise<AppendResult> = Promise.resolve("committed");
  #hasResigned = false;

  constructor(options: LocalControllerOptions) {
    this.#options = options;
    this.#image = options.image;
  }

  createTopics(input: requests.CreateTopicsInput) {
    return this.#submit((context) => decideCreateTopics(context, input));
  }

  deleteTopics(topicIds: readonly Uuid[], chargePartitions?: requests.ChargePartitions) {
    return this.#submit((context) => decideDeleteTopics(context, topicIds, chargePartitions));
  }

  createPartitions(input: requests.CreatePartitionsInput) {
    return this.#submit((context) => decideCreatePartitions(context, input));
  }

  incrementalAlterConfigs(input: requests.IncrementalAlterConfigsInput) {
    return this.#submit((context) => decideIncrementalAlterConfigs(context, input));
  }

  alterConfigs(input: requests.AlterConfigsInput) {
    return this.#submit((context) => decideAlterConfigs(context, input));
  }

  electLeaders(input: requests.ElectLeadersInput) {
    return this.#submit((context) => decideElectLeaders(context, input));
  }

  allocateProducerIds(input: requests.AllocateProducerIdsInput) {
    return this.#submit((context) => decideAllocateProducerIds(context, input));
  }

  updateFeatures(input: requests.UpdateFeaturesInput) {
    return this.#submit((context) => decideUpdateFeatures(context, input));
  }

  assignReplicasToDirs(input: requests.AssignReplicasToDirsInput) {
    return this.#submit((context) => decideAssignReplicas(context, input));
  }

  createAcls(bindings: readonly AclBinding[]) {
    return this.#submit((context) => decideCreateAcls(context, bindings));
  }

  deleteAcls(filters: readonly AclFilter[]) {
    return this.#submit((context) => decideDeleteAcls(context, filters));
  }

  alterClientQuotas(input: requests.AlterClientQuotasInput) {
    return this.#submit((context) => decideAlterClientQuotas(context, input));
  }

  alterScramCredentials(input: requests.AlterScramCredentialsInput) {
    return this.#submit((context) => decideAlterScramCredentials(context, input));
  }

  createDelegationToken(input: requests.CreateDelegationTokenInput) {
    return this.#submit((context) => decideCreateDelegationToken(context, input));
  }

  renewDelegationToken(input: requests.ChangeDelegationTokenInput) {
    return this.#submit((context) => decideRenewDelegationToken(context, input));
  }

  expireDelegationToken(input: requests.ExpireDelegationTokenInput) {
    return this.#submit((context) => decideExpireDelegationToken(context, input));
  }

  removeExpiredTokens(nowMs: number) {
    return this.#submit((context) => decideRemoveExpiredTokens(context, nowMs));
  }

  unregisterBroker(brokerId: number) {
    return this.#submit((context) => decideUnregisterBroker(context, brokerId));
  }

  registerBroker(input: requests.RegisterBrokerInput) {
    return this.#submit((context) => decideRegisterBroker(context, input));
  }

  brokerHeartbeat(input: requests.BrokerHeartbeatInput) {
    return this.#submit((context) => decideBrokerHeartbeat(context, input));
  }

  /** Appends records that no request asked for: what a new controller writes first. */
  write(records: readonly MetadataRecord[]): Promise<Outcome<undefined>> {
    return this.#submit(() => ({ records, answer: { kind: "done", value: undefined } }));
  }

  /** Resolves when everything decided so far is committed, or the controller has resigned. */
  async settle(): Promise<void> {
    await this.#lastAppend;
  }

  async #submit<T>(decide: (context: DecisionContext) => Decision<T>): Promise<Outcome<T>> {
    if (this.#hasResigned) return notController();
    const { log } = this.#options;
    const { records, answer } = decide(this.#context(log.endOffset));
    if (records.length === 0) {
      // It changes nothing, but it may rest on what is not committed yet.
      return (await this.#lastAppend) === "committed" ? answer : notController();
    }
    // Before the append: a decision that does not fit the state must never reach the log.
    const builder = new ImageBuilder(this.#image);
    for (const record of records) builder.apply(record);
    let append: PendingAppend;
    try {
      append = log.append(records, this.#options.clock.nowMs());
    } catch (error) {
      this.#options.logger.error("the metadata log refuses a change", { error });
      return refused("KAFKA_STORAGE_ERROR", "The metadata log cannot be written.");
    }
    const update = builder.build({
      lastContainedOffset: append.lastOffset,
      lastContainedEpoch: log.controllerEpoch,
      lastContainedTimestampMs: append.timestampMs,
    });
    this.#image = update.image;
    this.#lastAppend = append.outcome;
    const result = await append.outcome;
    if (result !== "committed") {
      this.#resign(result);
      return notController();
    }
    this.#options.publish({ ...update, sizeBytes: append.sizeBytes });
    return answer;
  }

  #context(nextOffset: number): DecisionContext {
    const { clusterId, random, configValidator, defaults } = this.#options;
    const image = this.#image;
    return { image, nextOffset, clusterId, random, configValidator, defaults: defaults() };
  }

  #resign(result: Exclude<AppendResult, "committed">): void {
    if (this.#hasResigned) return;
    this.#hasResigned = true;
    this.#options.onResign(result);
  }
}

function notController<T>(): Outcome<T> {
  return refused("NOT_CONTROLLER", "This node does not control the cluster any more.");
}
