import type { Definition, FieldFacts } from "./definition.ts";
import { factsLine, fieldLine, impliedDefault } from "./definition.ts";

/** A definition in a jar is not what this tool knows of Kafka's format. */
export class DefinitionError extends Error {
  readonly code = "DEFINITION_UNREADABLE";
}

interface KafkaField {
  readonly name: string;
  readonly type: string;
  readonly versions?: string;
  readonly nullableVersions?: string;
  readonly taggedVersions?: string;
  readonly flexibleVersions?: string;
  readonly tag?: number;
  readonly default?: unknown;
  readonly ignorable?: boolean | string;
  readonly mapKey?: boolean;
  readonly entityType?: string;
  readonly fields?: readonly KafkaField[];
}

interface KafkaMessage {
  readonly name: string;
  readonly type?: string;
  readonly apiKey?: number;
  readonly listeners?: readonly string[];
  readonly latestVersionUnstable?: boolean;
  readonly validVersions: string;
  readonly flexibleVersions?: string;
  readonly fields?: readonly KafkaField[];
  readonly commonStructs?: readonly KafkaField[];
}

const primitives = new Set(
  "bool int8 int16 uint16 int32 uint32 int64 float64 string uuid bytes records".split(" "),
);

/** Reads a definition out of a jar; `null` for a message that has no version any more. */
export function kafkaDefinition(json: string): Definition | null {
  const message = JSON.parse(withoutComments(json)) as KafkaMessage;
  const bounds = boundsOf(message.validVersions);
  if (bounds === null) return null;
  const structs = new Map((message.commonStructs ?? []).map((struct) => [struct.name, struct]));
  return {
    name: message.name,
    facts: factsLine({
      type: message.type ?? "data",
      apiKey: message.apiKey,
      // Only requests are sent to a listener.
      listeners: message.type === "request" ? (message.listeners ?? []) : [],
      isLatestUnstable: message.latestVersionUnstable === true,
    }),
    firstVersion: bounds.first,
    lastVersion: bounds.last,
    fieldsAt: (version) => {
      const isFlexible = includes(message.flexibleVersions, version);
      return linesOf(message.fields ?? [], { version, isFlexible, structs, path: "" });
    },
  };
}

interface Scope {
  readonly version: number;
  readonly isFlexible: boolean;
  readonly structs: ReadonlyMap<string, KafkaField>;
  readonly path: string;
}

function linesOf(fields: readonly KafkaField[], scope: Scope): readonly string[] {
  return fields
    .filter((field) => includes(field.versions ?? field.taggedVersions, scope.version))
    .flatMap((field) => {
      const facts = factsOf(field, scope);
      const element = field.type.replace("[]", "");
      const inner = primitives.has(element)
        ? []
        : (field.fields ?? scope.structs.get(element)?.fields);
      if (inner === undefined) throw new DefinitionError(`${element} has no fields`);
      return [fieldLine(facts), ...linesOf(inner, { ...scope, path: `${facts.path}.` })];
    });
}

function factsOf(field: KafkaField, scope: Scope): FieldFacts {
  const element = field.type.replace("[]", "");
  const isStruct = !primitives.has(element);
  const type = isStruct ? field.type.replace(element, capitalize(element)) : field.type;
  const isTagged = includes(field.taggedVersions, scope.version);
  return {
    path: scope.path + field.name.charAt(0).toLowerCase() + field.name.slice(1),
    type,
    isFlexible: scope.isFlexible && field.flexibleVersions !== "none",
    isNullable: includes(field.nullableVersions, scope.version),
    tag: isTagged ? (field.tag ?? null) : null,
    default: defaultOf(field, isStruct),
    isIgnorable: String(field.ignorable) === "true",
    isMapKey: field.mapKey === true,
    entityType: field.entityType ?? null,
  };
}

function capitalize(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

function defaultOf(field: KafkaField, isStruct: boolean): string {
  const given = field.default;
  // JSON's null is "none given" to Kafka's generator; the text "null" is null.
  if (given === undefined || given === null) return impliedDefault(field.type, isStruct);
  const text = String(given as string | number | boolean);
  if (text === "null") return "null";
  if (field.type === "string") return JSON.stringify(text);
  if (field.type === "bool") return text.toLowerCase();
  return text.startsWith("-") ? String(-BigInt(text.slice(1))) : String(BigInt(text));
}

function boundsOf(range: string): { readonly first: number; readonly last: number } | null {
  if (range === "none") return null;
  if (range.endsWith("+")) return { first: Number(range.slice(0, -1)), last: Infinity };
  const [first, last] = range.split("-");
  return { first: Number(first), last: Number(last ?? first) };
}

function includes(range: string | undefined, version: number): boolean {
  const bounds = range === undefined ? null : boundsOf(range);
  return bounds !== null && version >= bounds.first && version <= bounds.last;
}

/** Takes the comments and trailing commas out of Kafka's JSON, and leaves its strings alone. */
export function withoutComments(json: string): string {
  const token = /"(?:[^"\\]|\\.)*"|\/\/[^\n]*|\/\*[\s\S]*?\*\/|,(?=(?:\s|\/\/[^\n]*)*[\]}])/g;
  return json.replaceAll(token, (found) => (found.startsWith('"') ? found : ""));
}
