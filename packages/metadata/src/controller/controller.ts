import type { Uuid } from "@millrace/protocol";

import type { AclBinding, AclFilter } from "../image/acl-filter.ts";
import type { DelegationToken } from "../image/kept-records.ts";
import type { ItemError, Outcome } from "./outcome.ts";
import type * as requests from "./requests.ts";

/**
 * Changes the cluster's metadata. Every method decides against the newest image, appends the
 * records in one durable step, and resolves once this node's listeners have acted on them: what a
 * handler answers is what a following request sees. Refused as a whole with NOT_CONTROLLER where
 * another node controls, and with UNKNOWN_SERVER_ERROR when the log cannot be written.
 */
export interface Controller {
  createTopics(
    input: requests.CreateTopicsInput,
  ): Promise<Outcome<readonly requests.CreateTopicResult[]>>;
  /** Deletes by id; a name is looked up by the caller, who also knows what may be seen. */
  deleteTopics(
    topicIds: readonly Uuid[],
    chargePartitions?: requests.ChargePartitions,
  ): Promise<Outcome<readonly requests.DeleteTopicResult[]>>;
  createPartitions(
    input: requests.CreatePartitionsInput,
  ): Promise<Outcome<readonly requests.CreatePartitionsResult[]>>;
  incrementalAlterConfigs(
    input: requests.IncrementalAlterConfigsInput,
  ): Promise<Outcome<readonly requests.AlterConfigsResult[]>>;
  alterConfigs(
    input: requests.AlterConfigsInput,
  ): Promise<Outcome<readonly requests.AlterConfigsResult[]>>;
  electLeaders(
    input: requests.ElectLeadersInput,
  ): Promise<Outcome<readonly requests.ElectLeaderResult[]>>;
  allocateProducerIds(
    input: requests.AllocateProducerIdsInput,
  ): Promise<Outcome<requests.ProducerIdBlock>>;
  updateFeatures(
    input: requests.UpdateFeaturesInput,
  ): Promise<Outcome<readonly requests.UpdateFeatureResult[]>>;
  assignReplicasToDirs(
    input: requests.AssignReplicasToDirsInput,
  ): Promise<Outcome<readonly requests.AssignReplicaResult[]>>;
  /** One result per entry; an entry that is there already succeeds and is not made again. */
  createAcls(bindings: readonly AclBinding[]): Promise<Outcome<readonly ItemError[]>>;
  deleteAcls(filters: readonly AclFilter[]): Promise<Outcome<readonly requests.DeleteAclsResult[]>>;
  /** One result per entity, changed as a whole or not at all. */
  alterClientQuotas(
    input: requests.AlterClientQuotasInput,
  ): Promise<Outcome<readonly requests.AlterClientQuotasResult[]>>;
  alterScramCredentials(
    input: requests.AlterScramCredentialsInput,
  ): Promise<Outcome<readonly requests.AlterScramCredentialsResult[]>>;
  /** Makes a token; what proves it follows from its id and a secret that the metadata has not. */
  createDelegationToken(
    input: requests.CreateDelegationTokenInput,
  ): Promise<Outcome<DelegationToken>>;
  /** Prolongs a token; the value is when it ends. */
  renewDelegationToken(input: requests.ChangeDelegationTokenInput): Promise<Outcome<number>>;
  /** Ends a token earlier; the value is when. */
  expireDelegationToken(input: requests.ExpireDelegationTokenInput): Promise<Outcome<number>>;
  /** Removes tokens that have ended; the value is how many. */
  removeExpiredTokens(nowMs: number): Promise<Outcome<number>>;
  unregisterBroker(brokerId: number): Promise<Outcome<undefined>>;
  /** Registers a broker, fenced; the value is its new broker epoch. */
  registerBroker(input: requests.RegisterBrokerInput): Promise<Outcome<number>>;
  brokerHeartbeat(
    input: requests.BrokerHeartbeatInput,
  ): Promise<Outcome<requests.BrokerHeartbeatResult>>;
}
