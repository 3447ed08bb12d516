import {
  AlterUserScramCredentials,
  errorCodes,
  type RequestOf,
  type ResponseInput,
} from "@millrace/protocol";

import { credentialOf, scramMechanisms } from "../security/scram-credential.ts";
import { mayCluster } from "./access.ts";
import type { Handler } from "./handler.ts";
import type { RequestContext } from "./request-context.ts";

/**
 * AlterUserScramCredentials (key 51), version 0: sets and removes users' SCRAM credentials.
 * - Answers per user, each changed as a whole or not at all.
 * - The client sends the salted password; what is kept of it cannot log in.
 */
export const alterUserScramCredentials: Handler<typeof AlterUserScramCredentials> = {
  api: AlterUserScramCredentials,
  versions: "0",
  handle,
};

type Request = RequestOf<typeof AlterUserScramCredentials>;
type Response = ResponseInput<typeof AlterUserScramCredentials>;

const forbidden = {
  kind: "refused",
  error: "CLUSTER_AUTHORIZATION_FAILED",
  message: "Cluster authorization failed.",
} as const;

async function handle(request: Request, context: RequestContext): Promise<Response> {
  const { deletions } = request;
  // What is kept of a password takes time to work out: nobody has it done who may not ask.
  const outcome = mayCluster(context, "ALTER")
    ? await context.services.controller.alterScramCredentials({
        deletions,
        upsertions: request.upsertions.map(toCredential),
      })
    : forbidden;
  if (outcome.kind === "refused") {
    const users = new Set([...deletions, ...request.upsertions].map(({ name }) => name));
    const errorCode = errorCodes[outcome.error];
    const errorMessage = outcome.message;
    return {
      throttleTimeMs: 0,
      results: [...users].map((user) => ({ user, errorCode, errorMessage })),
    };
  }
  return {
    throttleTimeMs: 0,
    results: outcome.value.map(({ user, error, errorMessage }) => ({
      user,
      errorCode: errorCodes[error],
      errorMessage,
    })),
  };
}

function toCredential(upsertion: Request["upsertions"][number]) {
  const { name, mechanism: id, salt, saltedPassword, iterations } = upsertion;
  const mechanism = scramMechanisms.find((each) => each.id === id);
  // One that nobody knows is refused by the controller, which does not look at its keys.
  const keys =
    mechanism === undefined
      ? { salt, iterations, storedKey: Buffer.alloc(0), serverKey: Buffer.alloc(0) }
      : credentialOf(mechanism, saltedPassword, { salt, iterations });
  return { name, mechanism: id, ...keys };
}
