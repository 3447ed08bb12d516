/** Apache Kafka's tools and ours with the same words on the same broker. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inspect, isDeepStrictEqual } from "node:util";

import { javaCommand, output } from "@millrace/conformance/harness";
import { runWords } from "millrace/run-words";

import { type ClientBroker, uniqueName } from "../src/index.ts";

/** One call of a tool; `NAME` in its words and its input is each side's own name. */
export interface ToolCall {
  /** Ours, without `millrace`: kafka-topics. */
  readonly tool: string;
  /** Words with blanks between; `BROKER` is the broker's address. */
  readonly words: string;
  readonly input?: string;
  /** What the file has that `FILE` in the words stands for. */
  readonly file?: string;
  /** Whether only the exit code and standard output are compared. */
  readonly areErrorsOurs?: boolean;
  /** Whether blanks and ends of lines in errors do not count: argparse4j fills lines with them. */
  readonly isErrorSpacingFree?: boolean;
  /** Whether the order of lines is the tool's own business: Java's is a hash table's. */
  readonly isOrderFree?: boolean;
  /** Whether Java's stack traces are in standard output; lines count without blanks around them. */
  readonly isTraceInOutput?: boolean;
  /** Only lines that have the side's name; others are other tests'. */
  readonly isOwnLinesOnly?: boolean;
}

/** What one of both works with. */
interface Side {
  readonly broker: ClientBroker;
  readonly name: string;
  readonly folder: string;
  readonly files: { count: number };
}

interface Shown {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** The class of each tool. */
const classes: Readonly<Record<string, string>> = {
  "kafka-topics": "TopicCommand",
  "kafka-console-producer": "ConsoleProducer",
  "kafka-console-consumer": "consumer.ConsoleConsumer",
  "kafka-console-share-consumer": "consumer.ConsoleShareConsumer",
  "kafka-consumer-groups": "consumer.group.ConsumerGroupCommand",
  "kafka-share-groups": "consumer.group.ShareGroupCommand",
  "kafka-get-offsets": "GetOffsetShell",
  "kafka-groups": "GroupsCommand",
  "kafka-delete-records": "DeleteRecordsCommand",
  "kafka-acls": "AclCommand",
  "kafka-log-dirs": "LogDirsCommand",
  "kafka-leader-election": "LeaderElectionCommand",
  "kafka-transactions": "TransactionsCommand",
  "kafka-features": "FeatureCommand",
  "kafka-cluster": "ClusterTool",
  "kafka-broker-api-versions": "BrokerApiVersionsCommand",
  "kafka-reassign-partitions": "reassign.ReassignPartitionsCommand",
};

/** The one tool that is elsewhere. */
const configsClass = "kafka.admin.ConfigCommand";

/**
 * Runs the calls with Apache Kafka's tools, in one process, then with ours, and compares exit
 * codes, standard output and standard error. The texts of options' descriptions are our own, and
 * stack traces are not shown: both are left out.
 */
export async function assertSideBySide(
  broker: ClientBroker,
  calls: readonly ToolCall[],
): Promise<void> {
  using folder = temporaryFolder();
  const theirs = await runTheirs(calls, {
    broker,
    name: uniqueName("theirs"),
    folder: folder.path,
    files: { count: 0 },
  });
  const side = { broker, name: uniqueName("millra"), folder: folder.path, files: { count: 0 } };
  const differences: unknown[] = [];
  for (const [index, call] of calls.entries()) {
    const { expected = { code: -1, out: "", err: "" }, name = "" } = theirs[index] ?? {};
    const kafka = seen(call, expected, name);
    let millrace = seen(call, await runOurs(call, side), side.name);
    // A broker of Apache Kafka learns of a topic a moment after the controller.
    const isLook = broker.kind === "kafka" && /--(list|describe)\b/.test(call.words);
    for (let tries = 0; isLook && tries < 20 && !isDeepStrictEqual(kafka, millrace); tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 25));
      millrace = seen(call, await runOurs(call, side), side.name);
    }
    if (isDeepStrictEqual(kafka, millrace)) continue;
    differences.push({ call: `${call.tool} ${call.words}`, kafka, millrace });
  }
  const told = inspect(differences, { depth: null, maxStringLength: null, breakLength: 1 });
  assert.equal(differences.length, 0, told);
}

async function runTheirs(
  calls: readonly ToolCall[],
  side: Side,
): Promise<readonly { readonly expected: Shown; readonly name: string }[]> {
  const lines = calls.map((call) => {
    const found = classes[call.tool];
    const mainClass = found === undefined ? configsClass : `org.apache.kafka.tools.${found}`;
    const input = filled(call.input ?? "", side);
    const words = [mainClass, input, ...wordsOf(call, side)];
    return words.map((word) => Buffer.from(word).toString("base64")).join(" ");
  });
  const file = fileURLToPath(new URL("KafkaTools.java", import.meta.url));
  const printed = await output(javaCommand(file, []), { input: `${lines.join("\n")}\n` });
  return printed
    .toString()
    .trimEnd()
    .split("\n")
    .map((line) => {
      const [code = "", out = "", err = ""] = line.split(" ");
      const text = (word: string): string => Buffer.from(word, "base64").toString();
      return { expected: { code: Number(code), out: text(out), err: text(err) }, name: side.name };
    });
}

async function runOurs(call: ToolCall, side: Side): Promise<Shown> {
  const { code, printed, errors } = await runWords([call.tool, ...wordsOf(call, side)], {
    input: filled(call.input ?? "", side),
  });
  return { code, out: printed, err: errors };
}

function wordsOf(call: ToolCall, side: Side): readonly string[] {
  if (call.words === "") return [];
  side.files.count += 1;
  const path = join(side.folder, `${side.name}-${side.files.count}`);
  if (call.file !== undefined) writeFileSync(path, filled(call.file, side));
  return call.words
    .split(" ")
    .map((word) => filled(word, side).replaceAll("FILE", path).replaceAll("\u00a0", " "));
}

function filled(text: string, { broker, name }: Side): string {
  return text.replaceAll("NAME", name).replaceAll("BROKER", broker.bootstrap);
}

function temporaryFolder(): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), "kafka-tools-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) };
}

/** What both have to agree on. */
function seen(call: ToolCall, shown: Shown, name: string): Shown {
  const own = (text: string): string => ownLines(call, text, name);
  return {
    code: shown.code,
    out: masked(own(shown.out), name),
    err: call.areErrorsOurs === true ? "" : spaced(call, masked(errorOf(shown.err), name)),
  };
}

function spaced(call: ToolCall, text: string): string {
  return call.isErrorSpacingFree === true ? text.replaceAll(/\s+/g, "") : text;
}

function ownLines(call: ToolCall, text: string, name: string): string {
  const all = text.split("\n");
  const lines = call.isTraceInOutput === true ? ownWords(all) : all;
  const kept = call.isOwnLinesOnly === true ? lines.filter((line) => line.includes(name)) : lines;
  const squeezed =
    call.isOwnLinesOnly === true ? kept.map((line) => line.replaceAll(/ +/g, " ")) : kept;
  return (call.isOrderFree === true ? sortedLines(squeezed.flatMap(parts), name) : squeezed).join(
    "\n",
  );
}

/** Sorted as if both sides had one name. */
function sortedLines(lines: readonly string[], name: string): readonly string[] {
  const keyOf = (line: string): string => line.replaceAll(name, "NAME");
  return lines.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

function ownWords(lines: readonly string[]): readonly string[] {
  return lines.filter((line) => !isOfTrace(line)).map((line) => line.trim());
}

/** Whether a line is of a stack trace, or the empty one after it. */
function isOfTrace(line: string): boolean {
  return /^$|^(\tat |Caused by: |\t\.\.\. )|^([a-z]+\.)+[\w.$]+(Exception|Error)(: .*)?$/.test(
    line,
  );
}

/** The objects of a line that is JSON. */
function parts(line: string): readonly string[] {
  if (!line.startsWith("{")) return [line];
  return line.split("{").map((part) => part.replace(/(?:[\]},]+"version":1)?[\]},]+$/, ""));
}

/** A line of Kafka's consumer that praises its new protocol. */
const advertisement = "KIP-848) is production-ready";

/** Of the help just the options, and no stack traces. */
function errorOf(text: string): string {
  const lines = text.split("\n").filter((line) => !/^(\tat |Caused by: |\t\.\.\. )/.test(line));
  const plain = lines.filter(
    (line) =>
      !/^([a-z]+\.)+[\w.$]+(Exception|Error)(: .*)?$/.test(line) && !line.includes(advertisement),
  );
  const at = plain.findIndex((line) => line.startsWith("Option "));
  if (at < 0) return plain.join("\n").trimEnd();
  const options = plain
    .slice(at)
    .flatMap((line) => /^[* ] ?(--[\w.-]+)|^(--[\w.-]+)/.exec(line)?.[0] ?? []);
  return [...plain.slice(0, at), ...options.map((one) => one.replace(/^[* ] +/, ""))].join("\n");
}

function masked(text: string, name: string): string {
  return text
    .replaceAll(name, "NAME")
    .replaceAll(/TopicId: \S{22}/g, "TopicId: ID")
    .replaceAll(/(CreateTime|LogAppendTime):\d+/g, "$1:TIME");
}
