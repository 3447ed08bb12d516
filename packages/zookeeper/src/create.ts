import { type EncodedPart, part } from "./jute/jute.ts";
import { type Acl, createRequest, createTtlRequest, opCodes } from "./messages.ts";
import { openAcl } from "./security/acl.ts";

/**
 * How long a node lives. `ephemeral`: with the session. `container`: until its last child is gone.
 * `ttl`: until it has no children and was not changed for `ttlMs` (servers with
 * `zookeeper.extendedTypesEnabled`). `…Sequential`: the server adds ten digits that grow.
 */
export type CreateMode =
  | "persistent"
  | "persistentSequential"
  | "ephemeral"
  | "ephemeralSequential"
  | "container"
  | "ttl"
  | "ttlSequential";

/** How a node is created. */
export interface CreateOptions {
  /** Nothing when not given. */
  readonly data?: Uint8Array;
  /** `persistent` when not given. */
  readonly mode?: CreateMode;
  /** Anybody may do anything when not given. */
  readonly acl?: readonly Acl[];
  /** For the modes with a time to live. */
  readonly ttlMs?: number;
}

/** ZooKeeper's numbers (CreateMode). */
const flagsOf: Readonly<Record<CreateMode, number>> = {
  persistent: 0,
  ephemeral: 1,
  persistentSequential: 2,
  ephemeralSequential: 3,
  container: 4,
  ttl: 5,
  ttlSequential: 6,
};

const empty = Buffer.alloc(0);

/** Gives the request that creates a node; each of them is answered with path and stat. */
export function createMessage(
  path: string,
  options: CreateOptions,
): { readonly opCode: number; readonly body: EncodedPart } {
  const mode = options.mode ?? "persistent";
  const fields = {
    path,
    data: options.data ?? empty,
    acl: options.acl ?? openAcl,
    flags: flagsOf[mode],
  };
  switch (mode) {
    case "ttl":
    case "ttlSequential":
      return {
        opCode: opCodes.createTtl,
        body: part(createTtlRequest, { ...fields, ttlMs: options.ttlMs ?? 0 }),
      };
    case "container":
      return { opCode: opCodes.createContainer, body: part(createRequest, fields) };
    default:
      return { opCode: opCodes.create2, body: part(createRequest, fields) };
  }
}
