import { buildRecordBatch } from "@millrace/protocol";
import { type Command, parseCommand } from "./command.ts";
import { requestOf } from "./requests.ts";
import { World } from "./world.ts";

/** What a transcript's commands bring about, written as the transcript has it. */
export async function runTranscript(text: string): Promise<string> {
  const world = new World();
  await world.load();
  const written: string[] = [];
  for (const line of text.split("\n")) {
    if (line.startsWith("#") || line.trim() === "") written.push(line);
    if (!line.startsWith("> ")) continue;
    written.push(line);
    world.lines.length = 0;
    await run(world, parseCommand(line.slice(2)));
    written.push(...world.lines.map((said) => `    ${said}`));
  }
  return `${written.join("\n").trimEnd()}\n`;
}

async function run(world: World, command: Command): Promise<void> {
  const [verb, argument = "", count = ""] = command.words;
  switch (verb) {
    case "config":
      for (const [name, value] of command.options) setConfig(world, name, value);
      return;
    case "topic":
      world.setTopic(argument, Number(count));
      return;
    case "drop":
      world.removeTopic(argument);
      return;
    case "advance":
      await world.advance(Number(argument));
      return;
    case "refuse":
      world.log.refusal = argument === "RECORD_TOO_LARGE" ? argument : "NOT_ENOUGH_REPLICAS";
      return;
    case "accept":
      world.log.refusal = undefined;
      return;
    case "end":
      endTransaction(world, BigInt(argument), count === "commit");
      return;
    case "reload":
      await reload(world);
      return;
    default:
      await world.request(verb ?? "", requestOf(world, command));
  }
}

function setConfig(world: World, name: string, value: string): void {
  if (!(name in world.config)) throw new Error(`no such configuration: ${name}`);
  const parsed = /^\d+$/.test(value) ? Number(value) : value;
  world.config = { ...world.config, [name]: parsed };
}

/** A new coordinator takes over; it must know what the old one knew. */
async function reload(world: World): Promise<void> {
  const before = world.persistent();
  await world.load();
  const after = world.persistent();
  world.say(
    before === after ? "state: the same after a replay" : `state: ${before}\nnow: ${after}`,
  );
  await world.settle();
}

/** The broker writes the marker that ends a transaction, and tells the shard. */
function endTransaction(world: World, producerId: bigint, isCommit: boolean): void {
  const offset = world.log.logEndOffset;
  const key = Buffer.from([0, 0, 0, isCommit ? 1 : 0]);
  world.log.append(
    buildRecordBatch([{ timestamp: 0, key, value: Buffer.alloc(6) }], {
      producerId,
      producerEpoch: 0,
      isControl: true,
      isTransactional: true,
    }),
  );
  world.shard.endTransaction({ producerId, producerEpoch: 0, isCommit, offset });
}
