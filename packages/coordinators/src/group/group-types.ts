import type { MachineTypes } from "../runtime/index.ts";
import type {
  CleanUpInput,
  DeleteGroupInput,
  DeleteGroupReply,
  DescribeGroupInput,
  DescribeGroupReply,
  ListGroupsInput,
  ListGroupsReply,
  TopicsDeletedInput,
} from "./admin-requests.ts";
import type { ClassicGroup } from "./classic/classic-group.ts";
import type {
  ClassicTimerInput,
  HeartbeatInput,
  HeartbeatReply,
  JoinInput,
  JoinReply,
  LeaveInput,
  LeaveReply,
  SyncInput,
  SyncReply,
} from "./classic/classic-requests.ts";
import type {
  ConsumerDescribeInput,
  ConsumerDescribeReply,
  ConsumerHeartbeatInput,
  ConsumerHeartbeatReply,
  ConsumerTimerInput,
} from "./consumer/consumer-requests.ts";
import type { GroupRecord } from "./group-records.ts";
import type { GroupState } from "./group-state.ts";
import type {
  OffsetCommitInput,
  OffsetCommitReply,
  OffsetDeleteInput,
  OffsetDeleteReply,
  OffsetFetchInput,
  OffsetFetchReply,
} from "./offsets/offset-requests.ts";
import type {
  InitializeShareStates,
  ShareGroupReply,
  ShareGroupRequest,
  ShareTimerInput,
} from "./share/share-requests.ts";
import type {
  StreamsDelayTimerInput,
  StreamsDescribeInput,
  StreamsDescribeReply,
  StreamsHeartbeatInput,
  StreamsHeartbeatReply,
  StreamsMemberTimerInput,
} from "./streams/streams-requests.ts";
import type { StreamsSoftState } from "./streams/streams-group.ts";

/** The types of the group coordinator. */
export interface GroupTypes extends MachineTypes {
  readonly state: GroupState;
  readonly input: GroupInput;
  readonly record: GroupRecord;
  readonly change: GroupChange;
  readonly reply: GroupReply;
  readonly effect: InitializeShareStates;
}

/** The requests that a shard answers. */
export type GroupRequest =
  | JoinInput
  | SyncInput
  | HeartbeatInput
  | LeaveInput
  | ConsumerHeartbeatInput
  | ConsumerDescribeInput
  | ShareGroupRequest
  | StreamsHeartbeatInput
  | StreamsDescribeInput
  | OffsetCommitInput
  | OffsetFetchInput
  | OffsetDeleteInput
  | DescribeGroupInput
  | ListGroupsInput
  | DeleteGroupInput
  | TopicsDeletedInput;

/** All that can happen to a shard. */
export type GroupInput =
  | GroupRequest
  | ClassicTimerInput
  | ConsumerTimerInput
  | ShareTimerInput
  | StreamsMemberTimerInput
  | StreamsDelayTimerInput
  | CleanUpInput;

/** What changes without a record. */
export type GroupChange =
  /** A classic group's rebalance, up to its result. */
  | {
      readonly kind: "classic-group";
      readonly groupId: string;
      readonly group: ClassicGroup | undefined;
    }
  /** A consumer group's topics were compared with this version of the metadata. */
  | { readonly kind: "consumer-checked"; readonly groupId: string; readonly topicsVersion: number }
  /** The same of a share group. */
  | { readonly kind: "share-checked"; readonly groupId: string; readonly topicsVersion: number }
  /** What is known of a streams group but not in its log. */
  | {
      readonly kind: "streams-soft-state";
      readonly groupId: string;
      readonly soft: Partial<StreamsSoftState>;
    };

/** The answers of a shard; each has the kind of its request. */
export type GroupReply =
  | JoinReply
  | SyncReply
  | HeartbeatReply
  | LeaveReply
  | ConsumerHeartbeatReply
  | ConsumerDescribeReply
  | ShareGroupReply
  | StreamsHeartbeatReply
  | StreamsDescribeReply
  | OffsetCommitReply
  | OffsetFetchReply
  | OffsetDeleteReply
  | DescribeGroupReply
  | ListGroupsReply
  | DeleteGroupReply
  | { readonly kind: "topics-deleted" };

/** The answer to a request of one kind. */
export type GroupReplyTo<Kind extends GroupRequest["kind"]> = Extract<
  GroupReply,
  { readonly kind: Kind }
>;
