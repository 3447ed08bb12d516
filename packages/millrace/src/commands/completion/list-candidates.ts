import type { Cli } from "../../tree/cli.ts";
import { candidateKind, wordsBelow } from "./candidate-kind.ts";

/** Whoever waits for a word does not wait longer for a cluster. */
const waitMaxMs = 300;

/** What could stand where the last word is: words, topics or groups that begin with it. */
export async function listCandidates(
  cli: Cli,
  words: readonly string[],
): Promise<readonly string[]> {
  const typed = words.at(-1) ?? "";
  const before = words.slice(0, -1);
  const kind = candidateKind(before);
  const found = kind === "words" ? wordsBelow(before) : await namesOf(cli, kind);
  return found.filter((one) => one.startsWith(typed)).toSorted();
}

async function namesOf(cli: Cli, kind: "topics" | "groups" | "shares"): Promise<readonly string[]> {
  const { promise: gaveUp, resolve } = Promise.withResolvers<readonly string[]>();
  const timer = cli.context.clock.setTimer(waitMaxMs, () => resolve([]));
  try {
    // Without a cluster there is nothing to complete, and nobody to tell why.
    return await Promise.race([ask(cli, kind).catch(() => []), gaveUp]);
  } finally {
    timer.cancel();
  }
}

function ask(cli: Cli, kind: "topics" | "groups" | "shares"): Promise<readonly string[]> {
  return cli.withAdmin(async (admin) => {
    const timeoutMs = waitMaxMs;
    if (kind === "topics") return [...(await admin.listTopics({ timeoutMs })).keys()];
    const options = kind === "shares" ? { types: ["share"] as const, timeoutMs } : { timeoutMs };
    return (await admin.listGroups(options)).groups.map(({ groupId }) => groupId);
  });
}
