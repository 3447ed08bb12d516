/** ZooKeeper's error codes (KeeperException.Code) by name. */
export const errorCodes = {
  SYSTEM_ERROR: -1,
  RUNTIME_INCONSISTENCY: -2,
  DATA_INCONSISTENCY: -3,
  CONNECTION_LOSS: -4,
  MARSHALLING_ERROR: -5,
  UNIMPLEMENTED: -6,
  OPERATION_TIMEOUT: -7,
  BAD_ARGUMENTS: -8,
  NEW_CONFIG_NO_QUORUM: -13,
  RECONFIG_IN_PROGRESS: -14,
  API_ERROR: -100,
  NO_NODE: -101,
  NO_AUTH: -102,
  BAD_VERSION: -103,
  NO_CHILDREN_FOR_EPHEMERALS: -108,
  NODE_EXISTS: -110,
  NOT_EMPTY: -111,
  SESSION_EXPIRED: -112,
  INVALID_CALLBACK: -113,
  INVALID_ACL: -114,
  AUTH_FAILED: -115,
  SESSION_MOVED: -118,
  NOT_READ_ONLY: -119,
  EPHEMERAL_ON_LOCAL_SESSION: -120,
  NO_WATCHER: -121,
  REQUEST_TIMEOUT: -122,
  RECONFIG_DISABLED: -123,
  SESSION_CLOSED_REQUIRE_SASL_AUTH: -124,
  QUOTA_EXCEEDED: -125,
  THROTTLED_OP: -127,
} as const;

/** The name of an error of ZooKeeper. */
export type ZooKeeperErrorName = keyof typeof errorCodes | "UNKNOWN";

const names: ReadonlyMap<number, ZooKeeperErrorName> = new Map(
  Object.entries(errorCodes).map(([name, code]) => [code, nameOf(name)]),
);

/** Gives the name of a code; `UNKNOWN` for one that is not in the table. */
export function errorName(code: number): ZooKeeperErrorName {
  return names.get(code) ?? "UNKNOWN";
}

function nameOf(text: string): ZooKeeperErrorName {
  return isName(text) ? text : "UNKNOWN";
}

function isName(text: string): text is keyof typeof errorCodes {
  return Object.hasOwn(errorCodes, text);
}
