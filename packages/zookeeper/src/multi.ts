import { type CreateOptions, createMessage } from "./create.ts";
import { errorName, type ZooKeeperErrorName } from "./error-names.ts";
import { decode, type EncodedPart, part } from "./jute/jute.ts";
import { JuteError, type JuteReader } from "./jute/jute-reader.ts";
import {
  create2Response,
  errorResponse,
  multiHeader,
  opCodes,
  pathRequest,
  type Stat,
  setDataRequest,
  statResponse,
  versionRequest,
} from "./messages.ts";

/** A step of a `multi`. Without a version any will do. */
export type MultiOperation =
  | ({ readonly kind: "create"; readonly path: string } & CreateOptions)
  | { readonly kind: "delete"; readonly path: string; readonly version?: number }
  | {
      readonly kind: "setData";
      readonly path: string;
      readonly data: Uint8Array;
      readonly version?: number;
    }
  | { readonly kind: "check"; readonly path: string; readonly version: number };

/** What a step gave. Servers before 3.9 give no stat of what they created. */
export type MultiResult =
  | { readonly kind: "create"; readonly path: string; readonly stat: Stat | undefined }
  | { readonly kind: "setData"; readonly stat: Stat }
  | { readonly kind: "delete" }
  | { readonly kind: "check" };

/** Why nothing was applied: the first step that could not be done. */
export interface MultiFailure {
  readonly isApplied: false;
  readonly failedIndex: number;
  readonly reason: ZooKeeperErrorName;
  readonly errorCode: number;
}

/** All steps with one zxid, or none of them. */
export type MultiOutcome =
  | { readonly isApplied: true; readonly zxid: bigint; readonly results: readonly MultiResult[] }
  | MultiFailure;

const anyVersion = -1;
const end = part(multiHeader, { opCode: -1, isDone: true, error: -1 });
/** What ZooKeeper gives the steps behind the one that failed. */
const runtimeInconsistency = -2;

/** Gives the request. `pathOf` puts the chroot before a path. */
export function multiMessage(
  operations: readonly MultiOperation[],
  pathOf: (path: string) => string,
): readonly EncodedPart[] {
  const parts = operations.flatMap((operation) => {
    const { opCode, body } = stepMessage(operation, pathOf(operation.path));
    return [part(multiHeader, { opCode, isDone: false, error: -1 }), body];
  });
  return [...parts, end];
}

function stepMessage(
  operation: MultiOperation,
  path: string,
): { readonly opCode: number; readonly body: EncodedPart } {
  switch (operation.kind) {
    case "create":
      return createMessage(path, operation);
    case "delete":
      return {
        opCode: opCodes.delete,
        body: part(versionRequest, { path, version: operation.version ?? anyVersion }),
      };
    case "setData": {
      const { data, version = anyVersion } = operation;
      return { opCode: opCodes.setData, body: part(setDataRequest, { path, data, version }) };
    }
    case "check":
      return {
        opCode: opCodes.check,
        body: part(versionRequest, { path, version: operation.version }),
      };
  }
}

/**
 * Reads the answer.
 * @throws JuteError when it is none.
 */
export function readMultiAnswer(
  reader: JuteReader,
  zxid: bigint,
  insideOf: (path: string) => string,
): MultiOutcome {
  const results: MultiResult[] = [];
  const errors: number[] = [];
  for (;;) {
    const header = decode(reader, multiHeader);
    if (header.isDone) break;
    if (header.opCode === opCodes.error) errors.push(decode(reader, errorResponse).error);
    else results.push(readResult(header.opCode, reader, insideOf));
  }
  if (errors.length === 0) return { isApplied: true, zxid, results };
  const failedIndex = errors.findIndex((error) => error !== 0 && error !== runtimeInconsistency);
  const index = failedIndex === -1 ? errors.findIndex((error) => error !== 0) : failedIndex;
  const errorCode = errors[index] ?? 0;
  return { isApplied: false, failedIndex: index, reason: errorName(errorCode), errorCode };
}

function readResult(
  opCode: number,
  reader: JuteReader,
  insideOf: (path: string) => string,
): MultiResult {
  switch (opCode) {
    // Servers before 3.9 do a create2 inside a multi as if it had been the older create.
    case opCodes.create:
      return {
        kind: "create",
        path: insideOf(decode(reader, pathRequest).path),
        stat: undefined,
      };
    case opCodes.create2:
    case opCodes.createContainer:
    case opCodes.createTtl: {
      const { path, stat } = decode(reader, create2Response);
      return { kind: "create", path: insideOf(path), stat };
    }
    case opCodes.setData:
      return { kind: "setData", stat: decode(reader, statResponse).stat };
    case opCodes.delete:
      return { kind: "delete" };
    case opCodes.check:
      return { kind: "check" };
    default:
      throw new JuteError(`a multi is answered with operation ${opCode}`);
  }
}
