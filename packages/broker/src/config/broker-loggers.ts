import type { LogLevel, LogLevels } from "@millrace/platform";
import {
  configSourceIds,
  configTypeIds,
  type DescribedConfig,
  type DescribeOptions,
  wantedNames,
} from "./describe/described-config.ts";
import { invalidConfig, invalidRequest, type Rejection } from "./validate/rejection.ts";

/** One change of IncrementalAlterConfigs to a logger. */
export interface LoggerChange {
  readonly name: string;
  /** 0 SET, 1 DELETE, 2 APPEND, 3 SUBTRACT. */
  readonly configOperation: number;
  readonly value: string | null;
}

const SET = 0;
const DELETE = 1;

/** Kafka's names of levels. FATAL leaves out everything: Millrace logs nothing fatal. */
const levelsByName: Readonly<Record<string, LogLevel>> = {
  TRACE: "trace",
  DEBUG: "debug",
  INFO: "info",
  WARN: "warn",
  ERROR: "error",
  FATAL: "off",
};

/** Describes the broker's loggers with their levels: the resource BROKER_LOGGER (KIP-412). */
export function describeBrokerLoggers(
  levels: LogLevels,
  options: DescribeOptions,
): readonly DescribedConfig[] {
  return wantedNames(levels.names(), options).map((name) => {
    const level = levels.levelOf(name);
    return {
      name,
      value: level === "off" ? "FATAL" : level.toUpperCase(),
      readOnly: false,
      isDefault: false,
      configSource: configSourceIds.DYNAMIC_BROKER_LOGGER_CONFIG,
      isSensitive: false,
      synonyms: [],
      configType: configTypeIds.unknown,
      documentation: null,
    };
  });
}

/** Says why levels cannot be changed in this way; `undefined` when they can. */
export function validateLoggerChanges(
  changes: readonly LoggerChange[],
  levels: LogLevels,
): Rejection | undefined {
  const known = new Set(levels.names());
  for (const { name, configOperation, value } of changes) {
    if (configOperation !== SET && configOperation !== DELETE) {
      return invalidRequest(`a logger's level can be set or removed, not appended or subtracted`);
    }
    if (!known.has(name)) return invalidConfig(`there is no logger called ${name}`);
    if (configOperation === DELETE && name === "root") {
      return invalidRequest("the level of the root logger cannot be removed; set another one");
    }
    if (configOperation === SET && !Object.hasOwn(levelsByName, value ?? "")) {
      const expected = `expected one of ${Object.keys(levelsByName).join(", ")}`;
      return invalidConfig(`${name}=${value} is not a level; ${expected}`);
    }
  }
  return undefined;
}

/** Changes levels until the broker stops; check with `validateLoggerChanges` first. */
export function applyLoggerChanges(changes: readonly LoggerChange[], levels: LogLevels): void {
  for (const { name, configOperation, value } of changes) {
    levels.setLevel(name, configOperation === SET ? levelsByName[value ?? ""] : undefined);
  }
}
