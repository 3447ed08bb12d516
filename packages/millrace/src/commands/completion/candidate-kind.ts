/** The words below each word. A test compares them with the tree. */
const tree: Readonly<Record<string, readonly string[]>> = {
  "": [
    "bench",
    "cat",
    "cluster",
    "completion",
    "config",
    "consume",
    "context",
    "dev",
    "doctor",
    "group",
    "log",
    "produce",
    "producer",
    "share",
    "start",
    "tail",
    "topic",
    "txn",
    "version",
  ],
  topic: ["list", "create", "describe", "alter", "delete", "partitions", "trim", "lag"],
  group: ["list", "describe", "lag", "members", "reset", "delete"],
  share: ["list", "describe", "reset", "delete"],
  txn: ["list", "describe", "abort", "hanging"],
  producer: ["list"],
  config: ["get", "set", "unset", "diff"],
  cluster: ["status", "health", "brokers", "features", "quorum", "log-dirs", "elect", "reassign"],
  context: ["list", "add", "use", "show", "remove"],
  log: ["dump", "verify"],
  bench: ["produce", "consume", "e2e"],
  completion: ["bash", "zsh", "fish"],
};

const takingTopics = new RegExp(
  "^(?:consume|produce|tail|bench)\\b|^topic (?!list|create)" +
    "|^producer list|^txn hanging|^cluster elect",
  "u",
);
const takingGroups = /^group (?!list)/u;
const takingShares = /^share (?!list)/u;

/** What the next word is. */
export type CandidateKind = "words" | "topics" | "groups" | "shares";

/** What comes behind words: other words, or names that a cluster knows. */
export function candidateKind(before: readonly string[]): CandidateKind {
  const last = before.at(-1) ?? "";
  if (last === "-t" || last === "--topic") return "topics";
  if (last === "-g" || last === "--group" || last === "--from-group") return "groups";
  const line = before.join(" ");
  const isWordMissing = before.length < 2 && tree[line] !== undefined;
  if (isWordMissing) return "words";
  if (takingTopics.test(line)) return "topics";
  if (takingGroups.test(line)) return "groups";
  return takingShares.test(line) ? "shares" : "words";
}

/** The words that may come behind words. */
export function wordsBelow(before: readonly string[]): readonly string[] {
  return tree[before.join(" ")] ?? [];
}
