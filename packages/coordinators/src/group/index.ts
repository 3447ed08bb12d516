export type {
  DescribedMember,
  DescribeGroupReply,
  ListedGroup,
  ListGroupsReply,
} from "./admin-requests.ts";
export type {
  HeartbeatReply,
  JoinedMember,
  JoinInput,
  JoinReply,
  LeaveReply,
  LeavingMember,
  SyncInput,
  SyncReply,
} from "./classic/classic-requests.ts";
export type { TopicPartitions } from "./consumer/assignment.ts";
export type {
  ConsumerDescribeReply,
  ConsumerHeartbeatReply,
  DescribedConsumer,
} from "./consumer/consumer-requests.ts";
export {
  NO_TOPICS,
  type TopicDescription,
  type TopicMetadata,
} from "./consumer/topic-metadata.ts";
export type {
  ConsumerTimes,
  GroupConfig,
  MigrationPolicy,
  ShareTimes,
  StreamsSettings,
} from "./group-config.ts";
export { type GroupEvents, groupEvents } from "./group-events.ts";
export { type GroupMachineOptions, groupMachine } from "./group-machine.ts";
export type { GroupRecord } from "./group-records.ts";
export type { GroupState } from "./group-state.ts";
export type {
  GroupInput,
  GroupReply,
  GroupReplyTo,
  GroupRequest,
  GroupTypes,
} from "./group-types.ts";
export type {
  FetchedOffset,
  OffsetCommitInput,
  OffsetFetchInput,
  OffsetToCommit,
} from "./offsets/offset-requests.ts";
export type {
  DescribedShareMember,
  InitializeShareStates,
  ShareDescribeReply,
  ShareHeartbeatReply,
} from "./share/share-requests.ts";
export type {
  DescribedStreamsMember,
  StreamsDescribeReply,
  StreamsHeartbeatReply,
} from "./streams/streams-requests.ts";
export type { InternalTopicToCreate, StreamsStatus } from "./streams/streams-status.ts";
