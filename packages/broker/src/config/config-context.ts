import type { BrokerConfigFields } from "./broker-config.ts";
import type { ConfigProblem } from "./configuration-error.ts";
import type { GivenConfigs } from "./given-configs.ts";
import type { ParsedValue } from "./validator.ts";

/** What the checks of several configurations together work on. */
export interface ConfigContext {
  readonly fields: BrokerConfigFields;
  readonly exactValues: ReadonlyMap<string, ParsedValue | null>;
  readonly given: GivenConfigs;
  readonly problems: ConfigProblem[];
}

/** Notes a problem with a configuration, with the place where it was given. */
export function report(context: ConfigContext, key: string, message: string): void {
  context.problems.push({ key, origin: context.given.get(key)?.origin, message });
}
