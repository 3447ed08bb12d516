import type { ClusterImage } from "@millrace/metadata";
import {
  DescribeUserScramCredentials,
  errorCodes,
  type RequestOf,
  type ResponseInput,
} from "@millrace/protocol";

import { duplicates } from "./duplicates.ts";
import { mayCluster } from "./access.ts";
import type { Handler } from "./handler.ts";
import type { RequestContext } from "./request-context.ts";

/**
 * DescribeUserScramCredentials (key 50), version 0: which users have which SCRAM mechanisms, with
 * how many iterations; never what proves them.
 * - null or an empty list means every user. - Answers per user.
 */
export const describeUserScramCredentials: Handler<typeof DescribeUserScramCredentials> = {
  api: DescribeUserScramCredentials,
  versions: "0",
  handle,
};

type Response = ResponseInput<typeof DescribeUserScramCredentials>;
type Result = Response["results"][number];
type Info = Result["credentialInfos"][number];

function handle(
  request: RequestOf<typeof DescribeUserScramCredentials>,
  context: RequestContext,
): Response {
  if (!mayCluster(context, "DESCRIBE")) {
    const errorMessage = "Cluster authorization failed.";
    const errorCode = errorCodes.CLUSTER_AUTHORIZATION_FAILED;
    // As from Apache Kafka: one result without a name for each user that was asked for.
    const results = (request.users ?? []).map(() => refuse("", errorCode, errorMessage));
    return { throttleTimeMs: 0, errorCode, errorMessage, results };
  }
  const { image } = context;
  const byUser = infosByUser(image);
  const asked = request.users?.map(({ name }) => name) ?? [];
  const repeated = duplicates(asked);
  const users = asked.length === 0 ? [...byUser.keys()] : [...new Set(asked)];
  const results = users.map((user): Result => {
    const credentialInfos = byUser.get(user);
    if (repeated.has(user)) {
      const message = `Cannot describe SCRAM credentials for the same user twice in a single request: ${user}`;
      return refuse(user, errorCodes.DUPLICATE_RESOURCE, message);
    }
    if (credentialInfos === undefined) {
      const message = `Attempt to describe a user credential that does not exist: ${user}`;
      return refuse(user, errorCodes.RESOURCE_NOT_FOUND, message);
    }
    return { user, errorCode: errorCodes.NONE, errorMessage: null, credentialInfos };
  });
  return { throttleTimeMs: 0, errorCode: errorCodes.NONE, errorMessage: null, results };
}

function infosByUser(image: ClusterImage): ReadonlyMap<string, readonly Info[]> {
  const byUser = new Map<string, Info[]>();
  for (const { name, mechanism, iterations } of image.scramCredentials.values()) {
    const infos = byUser.get(name) ?? [];
    infos.push({ mechanism, iterations });
    byUser.set(name, infos);
  }
  return byUser;
}

function refuse(user: string, errorCode: number, errorMessage: string): Result {
  return { user, errorCode, errorMessage, credentialInfos: [] };
}
