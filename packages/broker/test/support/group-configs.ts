import { errorName, IncrementalAlterConfigs } from "@millrace/protocol";

import type { BrokerFixture } from "./broker-fixture.ts";

/** Sets configurations of the group `g`. @returns the error's name. */
export async function alterGroup(
  fixture: BrokerFixture,
  configs: Readonly<Record<string, string>>,
): Promise<string> {
  const answer = await fixture.request(IncrementalAlterConfigs, 1, {
    validateOnly: false,
    resources: [
      {
        resourceType: 32,
        resourceName: "g",
        configs: Object.entries(configs).map(([name, value]) => {
          return { name, value, configOperation: 0 };
        }),
      },
    ],
  });
  return errorName(answer.responses[0]?.errorCode ?? -1);
}
