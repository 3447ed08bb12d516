export { type ConnectString, parseConnectString, type ServerAddress } from "./connect-string.ts";
export { type ZooKeeperErrorName } from "./error-names.ts";
export {
  ConnectionLossError,
  type Outcome,
  RequestNotTakenError,
  SaslError,
  SessionEndedError,
  ZooKeeperError,
  ZooKeeperOptionsError,
} from "./errors.ts";
export { JuteError } from "./jute/jute-reader.ts";
export type { Acl, Stat } from "./messages.ts";
export type {
  MultiFailure,
  MultiOperation,
  MultiOutcome,
  MultiResult,
} from "./multi.ts";
export type { CreateMode, CreateOptions } from "./create.ts";
export type { ZooKeeperOptions, ZooKeeperPlatform } from "./options.ts";
export { creatorAcl, digestId, openAcl, permissions, worldReadable } from "./security/acl.ts";
export type { Credentials } from "./security/digest-md5.ts";
export type { SessionEvent, SessionListener, SessionState } from "./session/session-event.ts";
export type { Watcher, WatchEvent } from "./watches/watch-event.ts";
export {
  type Children,
  type Created,
  type NodeData,
  type Watch,
  type WatchMode,
  ZooKeeperClient,
} from "./zookeeper-client.ts";
