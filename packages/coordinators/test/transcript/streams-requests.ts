import type { GroupRequest } from "../../src/group/index.ts";
import type { Command } from "./command.ts";

type Heartbeat = Extract<GroupRequest, { readonly kind: "streams-heartbeat" }>;
type Topology = NonNullable<Heartbeat["topology"]>;
type Subtopology = Topology["subtopologies"][number];
type Options = Command["options"];

/** A subtopology; its fields in the order in which a log gives them back. */
function part(subtopologyId: string, fields: Partial<Subtopology>): Subtopology {
  return {
    subtopologyId,
    sourceTopics: [],
    sourceTopicRegex: [],
    stateChangelogTopics: [],
    repartitionSinkTopics: [],
    repartitionSourceTopics: [],
    copartitionGroups: [],
    ...fields,
  };
}

/** Lines go through a repartition topic to a store with a changelog: `count`. */
function counting(repartitions: number): Subtopology[] {
  return [
    part("0", { sourceTopics: ["lines"], repartitionSinkTopics: ["words"] }),
    part("1", {
      repartitionSourceTopics: [internal("words", repartitions)],
      stateChangelogTopics: [internal("counts", 0)],
    }),
  ];
}

function internal(name: string, partitions: number): Subtopology["stateChangelogTopics"][number] {
  const topicConfigs = [{ key: "cleanup.policy", value: "compact" }];
  return { name, partitions, replicationFactor: 0, topicConfigs };
}

const copartitionAll = [{ sourceTopics: [0], sourceTopicRegex: [], repartitionSourceTopics: [0] }];
const joined = [{ sourceTopics: [0, 1], sourceTopicRegex: [], repartitionSourceTopics: [] }];

/** The topologies that a transcript's commands name. */
const topologies: Record<string, () => Subtopology[]> = {
  count: () => counting(0),
  "count-in-3": () => counting(3),
  copy: () => [part("0", { sourceTopics: ["lines"] })],
  store: () => [
    part("0", { sourceTopics: ["lines"], stateChangelogTopics: [internal("counts", 0)] }),
  ],
  join: () => [part("0", { sourceTopics: ["left", "right"], copartitionGroups: joined })],
  "join-repartitioned": () => [
    part("0", { sourceTopics: ["left"], repartitionSinkTopics: ["words"] }),
    part("1", {
      sourceTopics: ["right"],
      repartitionSourceTopics: [internal("words", 0)],
      copartitionGroups: copartitionAll,
    }),
  ],
  loop: () => [
    part("0", {
      repartitionSourceTopics: [internal("words", 0)],
      repartitionSinkTopics: ["words"],
    }),
  ],
  unwritten: () => [part("0", { repartitionSourceTopics: [internal("words", 0)] })],
  sourceless: () => [part("0", {})],
  twice: () => [...counting(0), ...counting(0)],
  regex: () => [part("0", { sourceTopicRegex: ["l.*"] })],
  "counted-changelog": () => [part("0", { stateChangelogTopics: [internal("counts", 2)] })],
  "bad-copartition": () => [part("0", { sourceTopics: ["lines"], copartitionGroups: joined })],
};

/** A StreamsGroupHeartbeat as a transcript's command has it. */
export function streamsHeartbeat(groupId: string, options: Options): Heartbeat {
  const epoch = number(options, "epoch", 0);
  const joins = epoch === 0 && options.get("topology") !== "none";
  const member = options.get("member") ?? "";
  const endpoint = options.get("endpoint");
  return {
    kind: "streams-heartbeat",
    groupId,
    memberId: member,
    memberEpoch: epoch,
    endpointInformationEpoch: number(options, "endpoints", 0),
    instanceId: options.get("instance") ?? null,
    rackId: options.get("rack") ?? null,
    rebalanceTimeoutMs: number(options, "rebalance", joins ? 60_000 : -1),
    topology: topologyOf(options, joins),
    ...tasksOf(options, joins),
    processId: options.get("process") ?? (joins ? `p-${member}` : null),
    userEndpoint: endpoint === undefined ? null : { host: endpoint, port: 8080 },
    clientTags: joins ? [] : null,
    taskOffsets: options.get("offsets") === "yes" ? [] : null,
    taskEndOffsets: null,
    shutdownApplication: options.get("shutdown") === "yes",
    clientId: "client",
    clientHost: "/host",
  };
}

/** Active, standby and warm-up tasks: 0:0+1/1:0/1:1 */
function tasksOf(options: Options, joins: boolean) {
  const told = options.get("tasks") ?? (joins ? "" : undefined);
  if (told === undefined) return { activeTasks: null, standbyTasks: null, warmupTasks: null };
  const [active = "", standby = "", warmup = ""] = told.split("/");
  return {
    activeTasks: taskIds(active),
    standbyTasks: options.get("kinds") === "active" ? null : taskIds(standby),
    warmupTasks: taskIds(warmup),
  };
}

function topologyOf(options: Options, joins: boolean): Topology | null {
  const name = options.get("topology") ?? (joins ? "count" : undefined);
  if (name === undefined || name === "none") return null;
  const make = topologies[name];
  if (make === undefined) throw new Error(`no such topology: ${name}`);
  return { epoch: number(options, "topology-epoch", 0), subtopologies: make() };
}

/** 0:0+1,1:2 */
function taskIds(text: string): { subtopologyId: string; partitions: number[] }[] {
  if (text === "") return [];
  return text.split(",").map((part) => {
    const [subtopologyId = "", partitions = ""] = part.split(":");
    return { subtopologyId, partitions: partitions.split("+").map(Number) };
  });
}

function number(options: Options, name: string, otherwise: number): number {
  const text = options.get(name);
  return text === undefined ? otherwise : Number(text);
}
