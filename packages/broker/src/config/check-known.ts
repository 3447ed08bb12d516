import { brokerKeys, findBrokerKey } from "./broker-keys.ts";
import type { ConfigKey } from "./config-key.ts";
import { formatConfigValue, parseConfigValue } from "./config-value.ts";
import type { ConfigProblem } from "./configuration-error.ts";
import type { GivenConfig, GivenConfigs } from "./given-configs.ts";
import { actsPerListener, findOtherKey, listenerLimitNames } from "./other-keys.ts";
import { suggestName } from "./suggestion.ts";

/** Something a user should know that does not keep the broker from starting. */
export interface ConfigNotice {
  readonly key: string;
  readonly origin: string | undefined;
  /** A whole sentence. */
  readonly message: string;
}

/** Where findings go. */
export interface Findings {
  readonly problems: ConfigProblem[];
  readonly notices: ConfigNotice[];
}

/**
 * Looks at every name that was given: one that nobody knows or that promises what is not built is
 * a problem, one without effect is a notice.
 */
export function checkKnown(given: GivenConfigs, findings: Findings): void {
  for (const [name, config] of given) {
    const configKey = findBrokerKey(name);
    if (configKey === undefined) checkOther(name, config, findings);
    else checkStatus(name, config, { configKey, findings });
  }
}

/** Why a value of a configuration must not be taken; `undefined` when it may. */
export function refusalOf(configKey: ConfigKey, text: string): string | undefined {
  const { status } = configKey;
  if (status.kind !== "refused" || status.allowed.includes(text.trim())) return undefined;
  // Kafka writes "unset" as an empty value too.
  return text.trim() === "" ? undefined : status.reason;
}

function checkStatus(
  name: string,
  config: GivenConfig,
  context: { readonly configKey: ConfigKey; readonly findings: Findings },
): void {
  const { configKey, findings } = context;
  const { origin } = config;
  const refusal = refusalOf(configKey, config.value);
  if (refusal !== undefined) {
    const message = `${name}=${config.value} is refused: ${refusal}`;
    findings.problems.push({ key: name, origin, message });
  }
  if (configKey.status.kind === "accepted" && !isDefault(configKey, config.value)) {
    const message = `${name} has no effect: ${configKey.status.reason}`;
    findings.notices.push({ key: name, origin, message });
  }
}

function isDefault(configKey: ConfigKey, text: string): boolean {
  if (configKey.defaultValue === null) return text.trim() === "";
  const outcome = parseConfigValue(configKey, text);
  const canonical = outcome.ok ? formatConfigValue(configKey, outcome.value) : undefined;
  return canonical === formatConfigValue(configKey, configKey.defaultValue);
}

function checkOther(name: string, config: GivenConfig, findings: Findings): void {
  const { origin } = config;
  const other = findOtherKey(name);
  if (other === undefined) {
    checkUnknown(name, config, findings);
  } else if (other.kind === "accepted") {
    const message = `${name} has no effect: ${other.reason}`;
    findings.notices.push({ key: name, origin, message });
  } else if (other.kind === "refused") {
    findings.problems.push({ key: name, origin, message: `${name} is refused: ${other.reason}` });
  } else if (other.kind === "listener" && !listenerLimitNames.has(other.baseName)) {
    checkListenerKey(name, config, { ...other, findings });
  }
}

function checkListenerKey(
  name: string,
  config: GivenConfig,
  context: { baseName: string; configKey: ConfigKey; findings: Findings },
): void {
  const { baseName, configKey, findings } = context;
  const { origin } = config;
  const outcome = parseConfigValue(configKey, config.value);
  if (!outcome.ok) {
    const message = `${name} is not valid: expected ${outcome.expected}`;
    findings.problems.push({ key: name, origin, message });
    return;
  }
  const { status } = configKey;
  const refusal = refusalOf(configKey, config.value);
  if (refusal !== undefined) {
    findings.problems.push({ key: name, origin, message: `${name} is refused: ${refusal}` });
    return;
  }
  if (status.kind !== "accepted" && actsPerListener(baseName)) return;
  const reason =
    status.kind === "accepted" ? status.reason : `${baseName} is the same for every listener`;
  findings.notices.push({ key: name, origin, message: `${name} has no effect: ${reason}` });
}

/**
 * A name in a file or an override is meant for us. A variable of the environment may be anybody's
 * (KAFKA_HOME_DIRECTORY), unless it is nearly one of ours.
 */
function checkUnknown(name: string, config: GivenConfig, findings: Findings): void {
  const { origin } = config;
  const meant = suggestName(name, Object.keys(brokerKeys));
  const isForeign = meant === undefined && origin?.startsWith("environment ") === true;
  const advice =
    meant === undefined ? "docs/configuration.md lists them all" : `did you mean ${meant}?`;
  const message = `${name} is not a configuration of a broker; ${advice}`;
  if (isForeign) findings.notices.push({ key: name, origin, message: `${message} (ignored)` });
  else findings.problems.push({ key: name, origin, message });
}
