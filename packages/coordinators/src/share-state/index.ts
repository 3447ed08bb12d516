export { type SharePartitionKey, sharePartitionName } from "./share-partition-key.ts";
export type { SharePartitionState } from "./share-partition-state.ts";
export type { ShareStateConfig, ShareTopics } from "./share-state-config.ts";
export { type ShareStateMachineOptions, shareStateMachine } from "./share-state-machine.ts";
export type {
  PruneEffect,
  SharePartitionRequest,
  ShareState,
  ShareStateReply,
  ShareStateReplyTo,
  ShareStateRequest,
  ShareStateTypes,
} from "./share-state-types.ts";
