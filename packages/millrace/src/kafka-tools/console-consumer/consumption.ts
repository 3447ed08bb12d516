import type { CommandContext } from "../../command.ts";
import { keyValueArguments, readToolProperties, type ToolProperties } from "../open-client.ts";
import { nameInUse, warnOfOldName } from "../renamed-option.ts";
import { ToolUsageError } from "../tool-errors.ts";
import type { ConsoleConsumerArguments } from "./console-consumer-options.ts";
import { formatterOf } from "./console-options.ts";
import type { MessageFormatter } from "./message-formatter.ts";

/** What a run of the console consumer does. */
export interface Consumption {
  readonly properties: ToolProperties;
  readonly topic: string | undefined;
  readonly include: string | undefined;
  readonly partition: number | undefined;
  readonly offset: "earliest" | "latest" | bigint;
  readonly formatter: MessageFormatter;
  readonly recordsMax: number | undefined;
  readonly timeoutMs: number | undefined;
  readonly isErrorSkipped: boolean;
}

const propertyOption = { name: "command-property", oldName: "consumer-property" } as const;
const configOption = { name: "command-config", oldName: "consumer.config" } as const;

/** Checks what was given, in the order of Kafka's tool. @throws ToolUsageError */
export function consumptionOf(
  options: ConsoleConsumerArguments,
  context: CommandContext,
): Consumption {
  checkPlace(options);
  const propertyName = nameInUse(options, propertyOption, { isOldFirst: true });
  const configName = nameInUse(options, configOption, { isOldFirst: true });
  if (options.has("consumer-property")) warnOfOldName(context, propertyOption, "Option");
  if (options.has("consumer.config")) warnOfOldName(context, configOption, "Option");
  const fromFile = readToolProperties(options.text(configName));
  const extra = keyValueArguments(options.texts(propertyName));
  const groupId = groupOf(options, [fromFile["group.id"], extra["group.id"]]);
  const partition = options.integer("partition");
  const timeoutMs = options.long("timeout-ms");
  return {
    properties: {
      ...consumerProperties(options, { ...fromFile, ...extra }),
      ...groupProperties(groupId, { ...fromFile, ...extra }, context),
    },
    topic: options.text("topic"),
    include: options.text("include"),
    partition,
    offset: offsetOf(options),
    formatter: formatterOf(options, context),
    recordsMax: limitOf(options.integer("max-messages")),
    timeoutMs: timeoutMs === undefined || timeoutMs < 0n ? undefined : Number(timeoutMs),
    isErrorSkipped: options.has("skip-message-on-error"),
  };
}

function limitOf(count: number | undefined): number | undefined {
  return count === -1 ? undefined : count;
}

function checkPlace(options: ConsoleConsumerArguments): void {
  if (options.given("topic", "include").length !== 1) {
    const both = "[topic], [include]";
    throw new ToolUsageError(`Exactly one of the following arguments is required: ${both}`);
  }
  if (options.has("partition")) {
    // A value that is no number is told before what follows, as Kafka's tool does.
    options.integer("partition");
    if (!options.has("topic")) {
      throw new ToolUsageError("The topic is required when partition is specified.");
    }
    if (options.has("from-beginning") && options.has("offset")) {
      throw new ToolUsageError("Options from-beginning and offset cannot be specified together.");
    }
  } else if (options.has("offset")) {
    throw new ToolUsageError("The partition is required when offset is specified.");
  }
  options.require("bootstrap-server");
}

function groupOf(
  options: ConsoleConsumerArguments,
  others: readonly (string | undefined)[],
): string | undefined {
  const given = options.has("group") ? [options.text("group"), ...others] : others;
  const groups = [...new Set(given.filter((one) => one !== undefined))];
  if (groups.length > 1) {
    const named = groups.map((group) => `'${group}'`).join(", ");
    throw new ToolUsageError(
      "The group ids provided in different places (directly using '--group', " +
        "via '--consumer-property', or via '--consumer.config') do not match. " +
        `Detected group ids: ${named}`,
    );
  }
  if (groups.length > 0 && options.has("partition")) {
    throw new ToolUsageError("Options group and partition cannot be specified together.");
  }
  return groups[0];
}

function consumerProperties(
  options: ConsoleConsumerArguments,
  given: ToolProperties,
): ToolProperties {
  const isFromBeginning = options.has("from-beginning");
  const reset = given["auto.offset.reset"];
  if (isFromBeginning && reset !== undefined && reset !== "earliest") {
    throw new ConflictingReset(reset);
  }
  const isolation = options.text("isolation-level") ?? "read_uncommitted";
  const isIsolationGiven = options.has("isolation-level");
  return {
    "client.id": "console-consumer",
    "auto.offset.reset": isFromBeginning ? "earliest" : "latest",
    "isolation.level": isolation,
    ...given,
    ...(isIsolationGiven ? { "isolation.level": isolation } : {}),
    "bootstrap.servers": options.text("bootstrap-server") ?? "",
  };
}

/** `--from-beginning` and a property that says otherwise: told without the usage. */
export class ConflictingReset extends ToolUsageError {
  constructor(reset: string) {
    super(
      `Can't simultaneously specify --from-beginning and 'auto.offset.reset=${reset}', ` +
        "please remove one option",
    );
  }
}

/** A group that nobody named is not used again: nothing is committed for it. */
function groupProperties(
  groupId: string | undefined,
  given: ToolProperties,
  context: CommandContext,
): ToolProperties {
  if (groupId !== undefined) return { "group.id": groupId };
  const numbersMax = 100_000;
  const number = Math.trunc(context.clock.nowMs()) % numbersMax;
  return {
    "group.id": `console-consumer-${number}`,
    "enable.auto.commit": given["enable.auto.commit"] ?? "false",
  };
}

function offsetOf(options: ConsoleConsumerArguments): "earliest" | "latest" | bigint {
  if (!options.has("offset")) return options.has("from-beginning") ? "earliest" : "latest";
  const text = options.text("offset") ?? "";
  const named = text.toLowerCase();
  if (named === "earliest" || named === "latest") return named;
  if (/^\+?\d+$/.test(text)) return BigInt(text.replace("+", ""));
  throw new ToolUsageError(
    `The provided offset value '${text}' is incorrect. Valid values are ` +
      "'earliest', 'latest', or a non-negative long.",
  );
}
