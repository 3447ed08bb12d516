import assert from "node:assert/strict";
import { pbkdf2Sync, randomBytes } from "node:crypto";

import { SaslConnection } from "@millrace/conformance/harness";
import { AlterUserScramCredentials } from "@millrace/protocol";

import type { Login } from "./secrets.ts";

const iterations = 4096;

/** Adds a user of SCRAM-SHA-256 and SCRAM-SHA-512; without the client that is tested. */
export async function addScramUser(bootstrap: string, login: Login): Promise<void> {
  using connection = await SaslConnection.open(Number(bootstrap.split(":")[1]));
  const hashes = [
    { mechanism: 1, digest: "sha256", sizeBytes: 32 },
    { mechanism: 2, digest: "sha512", sizeBytes: 64 },
  ];
  // Apache Kafka refuses a request that names one user twice.
  for (const hash of hashes) {
    const request = { deletions: [], upsertions: [upsertion(login, hash)] };
    const { results } = await connection.ask(AlterUserScramCredentials, 0, request);
    for (const { errorCode, errorMessage } of results) {
      assert.equal(errorCode, 0, errorMessage ?? "");
    }
  }
}

function upsertion(
  { username, password }: Login,
  hash: { readonly mechanism: number; readonly digest: string; readonly sizeBytes: number },
): {
  readonly name: string;
  readonly mechanism: number;
  readonly iterations: number;
  readonly salt: Buffer;
  readonly saltedPassword: Buffer;
} {
  const salt = randomBytes(16);
  const saltedPassword = pbkdf2Sync(password, salt, iterations, hash.sizeBytes, hash.digest);
  return { name: username, mechanism: hash.mechanism, iterations, salt, saltedPassword };
}
