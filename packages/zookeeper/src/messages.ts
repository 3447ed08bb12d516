import type { JuteRecord, ValueOf } from "./jute/jute.ts";

/** Operations by ZooKeeper's numbers (ZooDefs.OpCode). */
export const opCodes = {
  create: 1,
  delete: 2,
  exists: 3,
  getData: 4,
  setData: 5,
  getAcl: 6,
  setAcl: 7,
  sync: 9,
  ping: 11,
  getChildren2: 12,
  check: 13,
  multi: 14,
  create2: 15,
  removeWatches: 18,
  createContainer: 19,
  createTtl: 21,
  auth: 100,
  setWatches: 101,
  sasl: 102,
  setWatches2: 105,
  addWatch: 106,
  closeSession: -11,
  error: -1,
} as const;

/** Numbers that stand in for a request's own where an answer may come out of turn. */
export const reservedXids = { notification: -1, ping: -2, auth: -4, setWatches: -8 } as const;

/** What a node is: versions, times, owner, size. */
export const stat = {
  czxid: "int64",
  mzxid: "int64",
  ctimeMs: "millis",
  mtimeMs: "millis",
  version: "int32",
  childrenVersion: "int32",
  aclVersion: "int32",
  ephemeralOwner: "int64",
  dataSizeBytes: "int32",
  childrenCount: "int32",
  pzxid: "int64",
} as const satisfies JuteRecord;

/** What a node is. `ephemeralOwner` is the session that it lives with, 0 for none. */
export type Stat = ValueOf<typeof stat>;

/** One line of an access control list: permission bits, and for whom. */
export const acl = {
  permissions: "int32",
  scheme: "string",
  id: "string",
} as const satisfies JuteRecord;

/** One line of an access control list. */
export type Acl = ValueOf<typeof acl>;

/** What a client says first; session 0 asks for a new one. */
export const connectRequest = {
  protocolVersion: "int32",
  lastZxidSeen: "int64",
  timeoutMs: "int32",
  sessionId: "int64",
  password: "buffer",
  readOnly: "boolean",
} as const satisfies JuteRecord;

/** What a server says first. (A last byte, `readOnly`, is not read.) */
export const connectResponse = {
  protocolVersion: "int32",
  timeoutMs: "int32",
  sessionId: "int64",
  password: "buffer",
} as const satisfies JuteRecord;

/** Before every request. */
export const requestHeader = { xid: "int32", opCode: "int32" } as const satisfies JuteRecord;

/** Before every answer: of which request, and the newest transaction that it has seen. */
export const replyHeader = {
  xid: "int32",
  zxid: "int64",
  error: "int32",
} as const satisfies JuteRecord;

/** What a watch tells; `state` is the connection's. */
export const watcherEvent = {
  type: "int32",
  state: "int32",
  path: "string",
} as const satisfies JuteRecord;

const createFields = { path: "string", data: "buffer", acl: [acl], flags: "int32" } as const;

/** The body of create2 and createContainer. */
export const createRequest = createFields satisfies JuteRecord;

/** The body of createTTL. */
export const createTtlRequest = {
  ...createFields,
  ttlMs: "millis",
} as const satisfies JuteRecord;

/** The answer to every kind of create. */
export const create2Response = { path: "string", stat } as const satisfies JuteRecord;

/** The body of sync and getACL. */
export const pathRequest = { path: "string" } as const satisfies JuteRecord;

/** The body of delete and check. */
export const versionRequest = { path: "string", version: "int32" } as const satisfies JuteRecord;

/** The body of the reads that may set a watch. */
export const watchRequest = { path: "string", watch: "boolean" } as const satisfies JuteRecord;

/** The body of setData. */
export const setDataRequest = {
  path: "string",
  data: "buffer",
  version: "int32",
} as const satisfies JuteRecord;

/** The answer to exists, setData and setACL. */
export const statResponse = { stat } as const satisfies JuteRecord;

/** The answer to getData. */
export const getDataResponse = { data: "buffer", stat } as const satisfies JuteRecord;

/** The answer to getChildren2. */
export const getChildren2Response = {
  children: ["string"],
  stat,
} as const satisfies JuteRecord;

/** The answer to getACL. */
export const getAclResponse = { acl: [acl], stat } as const satisfies JuteRecord;

/** The body of setACL. */
export const setAclRequest = {
  path: "string",
  acl: [acl],
  version: "int32",
} as const satisfies JuteRecord;

/** Before each step of a multi, and at its end. */
export const multiHeader = {
  opCode: "int32",
  isDone: "boolean",
  error: "int32",
} as const satisfies JuteRecord;

/** What stands for a step of a multi that was refused. */
export const errorResponse = { error: "int32" } as const satisfies JuteRecord;

/** The body of auth. */
export const authPacket = {
  type: "int32",
  scheme: "string",
  auth: "buffer",
} as const satisfies JuteRecord;

/** The body of sasl and of its answer. */
export const saslToken = { token: "buffer" } as const satisfies JuteRecord;

/** The body of addWatch. */
export const addWatchRequest = { path: "string", mode: "int32" } as const satisfies JuteRecord;

/** The body of removeWatches. */
export const removeWatchesRequest = { path: "string", type: "int32" } as const satisfies JuteRecord;

/** The body of setWatches. */
export const setWatchesRequest = {
  relativeZxid: "int64",
  data: ["string"],
  exist: ["string"],
  child: ["string"],
} as const satisfies JuteRecord;

/** The body of setWatches2. */
export const setWatches2Request = {
  ...setWatchesRequest,
  persistent: ["string"],
  persistentRecursive: ["string"],
} as const satisfies JuteRecord;
