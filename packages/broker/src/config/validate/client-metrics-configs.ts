import { compileRegex } from "@millrace/coordinators";

import { clientMetricsKeyNames, findClientMetricsKey } from "../client-metrics-config.ts";
import {
  invalidConfig,
  invalidRequest,
  problemWithValue,
  type Rejection,
  unknownName,
} from "./rejection.ts";

const INTERVAL_MS_MIN = 100;
const INTERVAL_MS_MAX = 3_600_000;

/** What a pattern can be matched with (KIP-714). */
const matchNames: readonly string[] = [
  "client_id",
  "client_instance_id",
  "client_software_name",
  "client_software_version",
  "client_source_address",
  "client_source_port",
];

/** Checks the configurations of a subscription to client metrics as they would be. */
export function validateClientMetricsConfigs(
  subscriptionName: string,
  overrides: ReadonlyMap<string, string>,
): Rejection | undefined {
  if (subscriptionName === "") return invalidRequest("a subscription needs a name; it is empty");
  for (const [name, text] of overrides) {
    const configKey = findClientMetricsKey(name);
    if (configKey === undefined) {
      const kind = "a subscription to client metrics";
      return invalidRequest(unknownName(name, kind, clientMetricsKeyNames()));
    }
    const problem = problemWithValue(name, configKey, text);
    if (problem !== undefined) return invalidConfig(problem);
  }
  return checkInterval(overrides.get("interval.ms")) ?? checkMatch(overrides.get("match"));
}

function checkInterval(text: string | undefined): Rejection | undefined {
  if (text === undefined) return undefined;
  const intervalMs = Number(text);
  if (intervalMs >= INTERVAL_MS_MIN && intervalMs <= INTERVAL_MS_MAX) return undefined;
  const expected = `expected ${INTERVAL_MS_MIN} to ${INTERVAL_MS_MAX} (an hour)`;
  return invalidRequest(`interval.ms=${text} is out of range: ${expected}`);
}

function checkMatch(text: string | undefined): Rejection | undefined {
  for (const element of (text ?? "").split(",")) {
    const trimmed = element.trim();
    if (trimmed === "") continue;
    const [, name = "", pattern = ""] = /^([^=]*)=(.*)$/.exec(trimmed) ?? [];
    if (matchNames.includes(name) && compileRegex(pattern.trim()).kind === "compiled") continue;
    const expected = `expected name=pattern with one of ${matchNames.join(", ")}`;
    return invalidConfig(`match has ${trimmed}; ${expected}`);
  }
  return undefined;
}
