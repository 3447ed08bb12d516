import { ToolFailure, ToolUsageError } from "../tool-errors.ts";
import {
  type ConfigArguments,
  defaultFlags,
  entityFlags,
  entityNamesOf,
  entityTypesOf,
} from "./config-options.ts";

const allTypes = [
  "topics",
  "clients",
  "users",
  "brokers",
  "ips",
  "client-metrics",
  "groups",
  "broker-loggers",
];

/** Types whose defaults can be meant. */
const typesWithDefault = ["users", "clients", "brokers", "ips"];

/** Checks what goes with what. @throws ToolUsageError, ToolFailure in the words of Kafka's tool. */
export function checkConfigOptions(given: ConfigArguments): void {
  if (given.given("alter", "describe").length !== 1) {
    throw new ToolUsageError("Command must include exactly one action: --describe, --alter");
  }
  given.exclude("alter", ["describe"]);
  given.exclude("describe", ["alter", "add-config", "delete-config"]);
  const types = entityTypesOf(given);
  checkTypes(given, types);
  checkFlags(given);
  checkBrokerIds(given, types);
  const hasName = entityNamesOf(given).some((name) => name !== "");
  if (given.has("describe")) checkDescribe(given, types, hasName);
  else checkAlter(given, types, hasName);
}

function checkTypes(given: ConfigArguments, types: readonly string[]): void {
  const again = types.filter((type, index) => types.indexOf(type) !== index);
  refuse(again.length > 0, `Duplicate entity type(s) specified: ${again.join(",")}`);
  const connections = given.given("bootstrap-server", "bootstrap-controller").length;
  refuse(
    connections === 0,
    "Either --bootstrap-server or --bootstrap-controller must be specified.",
  );
  const unknown = types.find((type) => !allTypes.includes(type));
  refuse(
    unknown !== undefined,
    `Invalid entity type ${unknown}, the entity type must be one of ${allTypes.join(", ")} ` +
      "with a --bootstrap-server or --bootstrap-controller argument",
  );
  refuse(types.length === 0, "At least one entity type must be specified");
  const isPair = types.length === 2 && types.includes("users") && types.includes("clients");
  refuse(
    types.length > 1 && !isPair,
    "Only 'users' and 'clients' entity types may be specified together",
  );
}

function checkFlags(given: ConfigArguments): void {
  const general = given.given("entity-name", "entity-type", "entity-default").length > 0;
  const specific = [...entityFlags, ...defaultFlags].some(([flag]) => given.has(flag));
  refuse(
    general && specific,
    "--entity-{type,name,default} should not be used in conjunction with specific entity flags",
  );
  refuse(
    given.given("bootstrap-server", "bootstrap-controller").length > 1,
    "Only one of --bootstrap-server or --bootstrap-controller can be specified",
  );
}

function checkBrokerIds(given: ConfigArguments, types: readonly string[]): void {
  if (!types.includes("brokers") && !types.includes("broker-loggers")) return;
  if (entityNamesOf(given).every((name) => name === "")) return;
  for (const flag of ["entity-name", "broker", "broker-logger"] as const) {
    const id = given.text(flag);
    if (id === undefined) continue;
    refuse(
      !/^[+-]?\d+$/.test(id),
      `The entity name for ${types[0]} must be a valid integer broker id, but it is: ${id}`,
    );
  }
}

function checkDescribe(given: ConfigArguments, types: readonly string[], hasName: boolean): void {
  refuse(
    given.has("entity-default") && !types.some((type) => typesWithDefault.includes(type)),
    `--entity-default must not be specified with --describe of ${types.join(",")}`,
  );
  refuse(
    types.includes("broker-loggers") && !hasName,
    `An entity name must be specified with --describe of ${types.join(",")}`,
  );
}

function checkAlter(given: ConfigArguments, types: readonly string[], hasName: boolean): void {
  if (types.some((type) => typesWithDefault.includes(type))) {
    refuse(
      entityNamesOf(given).length === 0,
      "An entity-name or default entity must be specified with --alter of users, clients, " +
        "brokers or ips",
    );
  } else {
    refuse(!hasName, `An entity name must be specified with --alter of ${types.join(",")}`);
  }
  refuse(
    given.has("add-config") && given.has("add-config-file"),
    "Only one of --add-config or --add-config-file must be specified",
  );
  refuse(
    given.given("add-config", "add-config-file", "delete-config").length === 0,
    "At least one of --add-config, --add-config-file, or --delete-config must be specified " +
      "with --alter",
  );
}

function refuse(isWrong: boolean, message: string): void {
  if (isWrong) throw new ToolFailure(message);
}
