import assert from "node:assert/strict";

import { SaslConnection } from "@millrace/conformance/harness";
import { errorCodes, IncrementalAlterConfigs } from "@millrace/protocol";

import { type ClientBroker, uniqueName } from "../src/index.ts";

const groupResourceType = 32;
const setOperation = 0;

/** Gives the name of a new share group that reads from the beginning. */
export async function newShareGroup(
  broker: ClientBroker,
  configs: Readonly<Record<string, string>> = {},
): Promise<string> {
  const groupId = uniqueName("share");
  const all = { "share.auto.offset.reset": "earliest", ...configs };
  using connection = await SaslConnection.open(Number(broker.bootstrap.split(":")[1]));
  const { responses } = await connection.ask(IncrementalAlterConfigs, 1, {
    resources: [
      {
        resourceType: groupResourceType,
        resourceName: groupId,
        configs: Object.entries(all).map(([name, value]) => ({
          name,
          value,
          configOperation: setOperation,
        })),
      },
    ],
    validateOnly: false,
  });
  assert.equal(responses[0]?.errorCode, errorCodes.NONE, responses[0]?.errorMessage ?? "");
  return groupId;
}
