import { pbkdf2Sync } from "node:crypto";

import {
  AlterUserScramCredentials,
  DescribeUserScramCredentials,
  errorCodes,
} from "@millrace/protocol";

import type { Cluster } from "../cluster.ts";
import { outcomeOf } from "./answer.ts";
import type { AdminCallOptions } from "./call-options.ts";
import { type Outcomes, settleEach, settleOne } from "./settle-each.ts";

/** A mechanism of SCRAM. */
export type ScramMechanism = keyof typeof hashes;

const hashes = {
  "SCRAM-SHA-256": { number: 1, digest: "sha256", sizeBytes: 32 },
  "SCRAM-SHA-512": { number: 2, digest: "sha512", sizeBytes: 64 },
} as const;

/** What may be told of a credential. */
export interface ScramCredentialInfo {
  readonly mechanism: ScramMechanism | "UNKNOWN";
  readonly iterations: number;
}

/** Describes users' credentials: of these users, or of all. */
export async function describeUserScramCredentials(
  cluster: Cluster,
  users: readonly string[] | "all",
  options: AdminCallOptions,
): Promise<Outcomes<string, readonly ScramCredentialInfo[]>> {
  const what = "describing SCRAM credentials";
  const place = { what, api: DescribeUserScramCredentials.name };
  return settleOne<Outcomes<string, readonly ScramCredentialInfo[]>>(cluster, {
    what,
    call: options,
    attempt: async ({ signal }) => {
      const names = users === "all" ? null : users.map((name) => ({ name }));
      const request = { users: names };
      const { body } = await cluster.sendToAny(DescribeUserScramCredentials, request, { signal });
      const value = (): Outcomes<string, readonly ScramCredentialInfo[]> =>
        new Map(
          body.results.map((result) => [
            result.user,
            outcomeOf(result, { ...place, what: `user ${result.user} cannot be described` }, () =>
              result.credentialInfos.map(({ mechanism, iterations }) => ({
                mechanism: mechanismOf(mechanism),
                iterations,
              })),
            ),
          ]),
        );
      // Apache Kafka repeats a user's error for the whole answer where only one was asked for.
      const isUsers = body.errorCode === errorCodes.RESOURCE_NOT_FOUND && body.results.length > 0;
      return isUsers ? value() : outcomeOf(body, place, value);
    },
  });
}

function mechanismOf(number: number): ScramMechanism | "UNKNOWN" {
  if (number === hashes["SCRAM-SHA-256"].number) return "SCRAM-SHA-256";
  return number === hashes["SCRAM-SHA-512"].number ? "SCRAM-SHA-512" : "UNKNOWN";
}

/** A credential to set or to delete. */
export type ScramAlteration =
  | {
      readonly user: string;
      readonly mechanism: ScramMechanism;
      readonly password: string;
      /** 4,096 when not given, which is also the least. */
      readonly iterations?: number;
      /** Drawn by chance when not given. */
      readonly salt?: Uint8Array;
    }
  | { readonly user: string; readonly mechanism: ScramMechanism; readonly isDeleted: true };

const iterationsDefault = 4096;
const saltSizeBytes = 16;

/** Sets and deletes credentials; the password itself is not sent. */
export async function alterUserScramCredentials(
  cluster: Cluster,
  alterations: readonly ScramAlteration[],
  options: AdminCallOptions,
): Promise<Outcomes<string, void>> {
  const upsertions = alterations.flatMap((one) =>
    "isDeleted" in one ? [] : [upsertion(cluster, one)],
  );
  const deletions = alterations.flatMap((one) =>
    "isDeleted" in one ? [{ name: one.user, mechanism: hashes[one.mechanism].number }] : [],
  );
  return settleEach<string, void>(cluster, {
    what: "altering SCRAM credentials",
    items: alterations.map(({ user }) => user),
    call: options,
    attempt: async (users, { signal }) => {
      const open = new Set(users);
      const { body } = await cluster.sendToController(
        AlterUserScramCredentials,
        {
          deletions: deletions.filter(({ name }) => open.has(name)),
          upsertions: upsertions.filter(({ name }) => open.has(name)),
        },
        { signal },
      );
      const api = AlterUserScramCredentials.name;
      return new Map(
        body.results.map((one) => {
          const what = `the credentials of ${one.user} were not altered`;
          return [one.user, outcomeOf(one, { what, api }, () => undefined)];
        }),
      );
    },
  });
}

function upsertion(
  cluster: Cluster,
  alteration: Exclude<ScramAlteration, { isDeleted: true }>,
): {
  readonly name: string;
  readonly mechanism: number;
  readonly iterations: number;
  readonly salt: Uint8Array;
  readonly saltedPassword: Uint8Array;
} {
  const { user, mechanism, password, iterations = iterationsDefault } = alteration;
  const salt = alteration.salt ?? cluster.random.bytes(saltSizeBytes);
  const { number, digest, sizeBytes } = hashes[mechanism];
  // RFC 5802 normalises passwords by SASLprep; Java's admin takes them as they are.
  const saltedPassword = pbkdf2Sync(password, salt, iterations, sizeBytes, digest);
  return { name: user, mechanism: number, iterations, salt, saltedPassword };
}
