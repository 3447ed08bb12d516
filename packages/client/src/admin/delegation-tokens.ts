import {
  CreateDelegationToken,
  DescribeDelegationToken,
  ExpireDelegationToken,
  RenewDelegationToken,
} from "@millrace/protocol";

import type { Cluster } from "../cluster.ts";
import { outcomeOf } from "./answer.ts";
import type { AdminCallOptions } from "./call-options.ts";
import { settleOne } from "./settle-each.ts";

/** Who somebody is to Kafka: `{ type: "User", name: "alice" }`. */
export interface Principal {
  readonly type: string;
  readonly name: string;
}

/** A token that stands for its owner. */
export interface DelegationToken {
  readonly tokenId: string;
  /** The secret: with SCRAM, in base64, the password of the user `tokenId`. */
  readonly hmac: Buffer;
  readonly owner: Principal;
  /** Who asked for it. */
  readonly requester: Principal;
  readonly renewers: readonly Principal[];
  readonly issueTimestamp: number;
  readonly expiryTimestamp: number;
  /** It cannot be renewed beyond this time. */
  readonly maxTimestamp: number;
}

/** What token is wanted. */
export interface CreateTokenOptions extends AdminCallOptions {
  /** The principal that asks, when not given. */
  readonly owner?: Principal | undefined;
  readonly renewers?: readonly Principal[] | undefined;
  /** The broker's limit when not given. */
  readonly maxLifetimeMs?: number | undefined;
}

/** Creates a token. @throws KafkaError DELEGATION_TOKEN_AUTH_DISABLED … */
export function createDelegationToken(
  cluster: Cluster,
  options: CreateTokenOptions,
): Promise<DelegationToken> {
  const what = "creating a delegation token";
  const { owner, renewers = [], maxLifetimeMs = -1 } = options;
  return settleOne<DelegationToken>(cluster, {
    what,
    call: options,
    attempt: async ({ signal }) => {
      const { body } = await cluster.sendToController(
        CreateDelegationToken,
        (version) => ({
          renewers: renewers.map(principalFields),
          maxLifetimeMs,
          ...(version >= 3
            ? { ownerPrincipalType: owner?.type ?? null, ownerPrincipalName: owner?.name ?? null }
            : {}),
        }),
        { signal, ...(owner === undefined ? {} : { minVersion: 3 }) },
      );
      return outcomeOf(body, { what, api: CreateDelegationToken.name }, () => ({
        ...identity(body),
        renewers,
        issueTimestamp: body.issueTimestampMs,
        expiryTimestamp: body.expiryTimestampMs,
        maxTimestamp: body.maxTimestampMs,
      }));
    },
  });
}

function principalFields({ type, name }: Principal): {
  principalType: string;
  principalName: string;
} {
  return { principalType: type, principalName: name };
}

function identity(token: {
  readonly tokenId: string;
  readonly hmac: Uint8Array;
  readonly principalType: string;
  readonly principalName: string;
  readonly tokenRequesterPrincipalType: string;
  readonly tokenRequesterPrincipalName: string;
}): Pick<DelegationToken, "tokenId" | "hmac" | "owner" | "requester"> {
  const owner = { type: token.principalType, name: token.principalName };
  const { tokenRequesterPrincipalType: type, tokenRequesterPrincipalName: name } = token;
  const requester = name === "" ? owner : { type, name };
  return { tokenId: token.tokenId, hmac: Buffer.from(token.hmac), owner, requester };
}

/** Lists tokens: of these owners, or all that the principal may see. @throws KafkaError */
export function describeDelegationToken(
  cluster: Cluster,
  owners: readonly Principal[] | "all",
  options: AdminCallOptions,
): Promise<readonly DelegationToken[]> {
  const what = "describing delegation tokens";
  return settleOne<readonly DelegationToken[]>(cluster, {
    what,
    call: options,
    attempt: async ({ signal }) => {
      const request = { owners: owners === "all" ? null : owners.map(principalFields) };
      const { body } = await cluster.sendToAny(DescribeDelegationToken, request, { signal });
      return outcomeOf(body, { what, api: DescribeDelegationToken.name }, () =>
        body.tokens.map((token) => ({
          ...identity(token),
          renewers: token.renewers.map((one) => ({
            type: one.principalType,
            name: one.principalName,
          })),
          issueTimestamp: token.issueTimestamp,
          expiryTimestamp: token.expiryTimestamp,
          maxTimestamp: token.maxTimestamp,
        })),
      );
    },
  });
}

/** How long a token shall live on. */
export interface TokenPeriodOptions extends AdminCallOptions {
  /** From now on; for expiring, -1 ends it at once. The broker's own period when not given. */
  readonly periodMs?: number | undefined;
}

/** Lets a token live on. @returns when it expires. @throws KafkaError */
export function renewDelegationToken(
  cluster: Cluster,
  hmac: Uint8Array,
  options: TokenPeriodOptions,
): Promise<number> {
  const what = "renewing a delegation token";
  return settleOne<number>(cluster, {
    what,
    call: options,
    attempt: async ({ signal }) => {
      const request = { hmac, renewPeriodMs: options.periodMs ?? -1 };
      const { body } = await cluster.sendToController(RenewDelegationToken, request, { signal });
      const place = { what, api: RenewDelegationToken.name };
      return outcomeOf(body, place, () => body.expiryTimestampMs);
    },
  });
}

/** Lets a token end sooner, or now. @returns when it expires. @throws KafkaError */
export function expireDelegationToken(
  cluster: Cluster,
  hmac: Uint8Array,
  options: TokenPeriodOptions,
): Promise<number> {
  const what = "expiring a delegation token";
  return settleOne<number>(cluster, {
    what,
    call: options,
    attempt: async ({ signal }) => {
      const request = { hmac, expiryTimePeriodMs: options.periodMs ?? -1 };
      const { body } = await cluster.sendToController(ExpireDelegationToken, request, { signal });
      const place = { what, api: ExpireDelegationToken.name };
      return outcomeOf(body, place, () => body.expiryTimestampMs);
    },
  });
}
