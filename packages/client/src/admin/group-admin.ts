import type { BrokerId } from "@millrace/protocol";
import type { Cluster } from "../cluster.ts";
import type { AdminCallOptions } from "./call-options.ts";
import {
  deleteGroups,
  removeMembersFromConsumerGroup,
  type RemoveMembersOptions,
} from "./groups/delete-groups.ts";
import {
  describeClassicGroups,
  describeConsumerGroups,
  describeShareGroups,
  describeStreamsGroups,
  type ClassicGroupDescription,
  type ConsumerGroupDescription,
  type DescribeGroupsOptions,
  type ShareGroupDescription,
  type StreamsGroupDescription,
} from "./groups/describe-groups.ts";
import {
  alterGroupOffsets,
  deleteGroupOffsets,
  listGroupOffsets,
  type GroupOffsets,
  type GroupPartitions,
  type ListGroupOffsetsOptions,
  type OffsetToCommit,
} from "./groups/group-offsets.ts";
import { listGroups, type GroupListings, type ListGroupsOptions } from "./groups/list-groups.ts";
import {
  alterShareGroupOffsets,
  deleteShareGroupOffsets,
  listShareGroupOffsets,
  type ShareGroupOffset,
  type ShareOffsetToSet,
} from "./groups/share-group-offsets.ts";
import { type Outcomes } from "./settle-each.ts";
import type { TopicPartition, TopicPartitionKey } from "./topic-partition.ts";

/** What an admin can ask and change about groups; `Admin` has it with the rest. */
export class GroupAdmin {
  protected readonly cluster: Cluster;

  constructor(cluster: Cluster) {
    this.cluster = cluster;
  }

  /**
   * Finds the broker that coordinates a group; in Java a part of every description.
   * @throws KafkaError
   */
  groupCoordinator(groupId: string): Promise<BrokerId> {
    return this.cluster.coordinator("group", groupId);
  }

  /** Lists groups of all types. */
  listGroups(options: ListGroupsOptions = {}): Promise<GroupListings> {
    return listGroups(this.cluster, options);
  }

  /** Describes groups of consumers, classic and KIP-848. */
  describeConsumerGroups(
    groupIds: readonly string[],
    options: DescribeGroupsOptions = {},
  ): Promise<Outcomes<string, ConsumerGroupDescription>> {
    return describeConsumerGroups(this.cluster, groupIds, options);
  }

  /** Describes classic groups of whatever protocol. */
  describeClassicGroups(
    groupIds: readonly string[],
    options: DescribeGroupsOptions = {},
  ): Promise<Outcomes<string, ClassicGroupDescription>> {
    return describeClassicGroups(this.cluster, groupIds, options);
  }

  /** Describes share groups. */
  describeShareGroups(
    groupIds: readonly string[],
    options: DescribeGroupsOptions = {},
  ): Promise<Outcomes<string, ShareGroupDescription>> {
    return describeShareGroups(this.cluster, groupIds, options);
  }

  /** Describes streams groups. */
  describeStreamsGroups(
    groupIds: readonly string[],
    options: DescribeGroupsOptions = {},
  ): Promise<Outcomes<string, StreamsGroupDescription>> {
    return describeStreamsGroups(this.cluster, groupIds, options);
  }

  /** Deletes groups of consumers without members. */
  deleteConsumerGroups(
    groupIds: readonly string[],
    options: AdminCallOptions = {},
  ): Promise<Outcomes<string, void>> {
    return deleteGroups(this.cluster, groupIds, options);
  }

  /** Deletes share groups without members. */
  deleteShareGroups(
    groupIds: readonly string[],
    options: AdminCallOptions = {},
  ): Promise<Outcomes<string, void>> {
    return deleteGroups(this.cluster, groupIds, options);
  }

  /** Deletes streams groups without members. */
  deleteStreamsGroups(
    groupIds: readonly string[],
    options: AdminCallOptions = {},
  ): Promise<Outcomes<string, void>> {
    return deleteGroups(this.cluster, groupIds, options);
  }

  /** Removes members: static ones by instance id, or all. */
  removeMembersFromConsumerGroup(
    groupId: string,
    options: RemoveMembersOptions = {},
  ): Promise<Outcomes<string, void>> {
    return removeMembersFromConsumerGroup(this.cluster, groupId, options);
  }

  /** Lists what groups have committed. */
  listConsumerGroupOffsets(
    groups: GroupPartitions,
    options: ListGroupOffsetsOptions = {},
  ): Promise<Outcomes<string, GroupOffsets>> {
    return listGroupOffsets(this.cluster, groups, options);
  }

  /** Lists what streams groups have committed. */
  listStreamsGroupOffsets(
    groups: GroupPartitions,
    options: ListGroupOffsetsOptions = {},
  ): Promise<Outcomes<string, GroupOffsets>> {
    return listGroupOffsets(this.cluster, groups, options);
  }

  /** Commits in the name of a group without members. */
  alterConsumerGroupOffsets(
    groupId: string,
    offsets: readonly OffsetToCommit[],
    options: AdminCallOptions = {},
  ): Promise<Outcomes<TopicPartitionKey, void>> {
    return alterGroupOffsets(this.cluster, groupId, offsets, options);
  }

  /** Commits in the name of a streams group without members. */
  alterStreamsGroupOffsets(
    groupId: string,
    offsets: readonly OffsetToCommit[],
    options: AdminCallOptions = {},
  ): Promise<Outcomes<TopicPartitionKey, void>> {
    return alterGroupOffsets(this.cluster, groupId, offsets, options);
  }

  /** Deletes what a group has committed. */
  deleteConsumerGroupOffsets(
    groupId: string,
    partitions: readonly TopicPartition[],
    options: AdminCallOptions = {},
  ): Promise<Outcomes<TopicPartitionKey, void>> {
    return deleteGroupOffsets(this.cluster, groupId, partitions, options);
  }

  /** Deletes what a streams group has committed. */
  deleteStreamsGroupOffsets(
    groupId: string,
    partitions: readonly TopicPartition[],
    options: AdminCallOptions = {},
  ): Promise<Outcomes<TopicPartitionKey, void>> {
    return deleteGroupOffsets(this.cluster, groupId, partitions, options);
  }

  /** Lists where share groups are. */
  listShareGroupOffsets(
    groups: GroupPartitions,
    options: AdminCallOptions = {},
  ): Promise<Outcomes<string, Outcomes<TopicPartitionKey, ShareGroupOffset>>> {
    return listShareGroupOffsets(this.cluster, groups, options);
  }

  /** Sets where a share group without members begins. */
  alterShareGroupOffsets(
    groupId: string,
    offsets: readonly ShareOffsetToSet[],
    options: AdminCallOptions = {},
  ): Promise<Outcomes<TopicPartitionKey, void>> {
    return alterShareGroupOffsets(this.cluster, groupId, offsets, options);
  }

  /** Makes a share group without members forget topics. */
  deleteShareGroupOffsets(
    groupId: string,
    topics: readonly string[],
    options: AdminCallOptions = {},
  ): Promise<Outcomes<string, void>> {
    return deleteShareGroupOffsets(this.cluster, groupId, topics, options);
  }
}
