/** A message as either side defines it, in a form that can be compared. */
export interface Definition {
  /** "ProduceRequest", "PartitionRecord" … */
  readonly name: string;
  /** What holds for all versions: type, key, listeners … */
  readonly facts: string;
  readonly firstVersion: number;
  readonly lastVersion: number;
  /** One line for each field of a version, nested ones included, in the order of the wire. */
  fieldsAt(version: number): readonly string[];
}

/** What is known of a field in one version. */
export interface FieldFacts {
  readonly path: string;
  readonly type: string;
  readonly isFlexible: boolean;
  readonly isNullable: boolean;
  readonly tag: number | null;
  readonly default: string;
  readonly isIgnorable: boolean;
  readonly isMapKey: boolean;
  readonly entityType: string | null;
}

/** Puts what is known of a field into a line. */
export function fieldLine(facts: FieldFacts): string {
  const words = [facts.path, facts.type];
  if (facts.isFlexible) words.push("flexible");
  if (facts.isNullable) words.push("nullable");
  if (facts.tag !== null) words.push(`tag=${facts.tag}`);
  words.push(`default=${facts.default}`);
  if (facts.isIgnorable) words.push("ignorable");
  if (facts.isMapKey) words.push("mapKey");
  if (facts.entityType !== null) words.push(facts.entityType);
  return words.join(" ");
}

/** The default of a field that declares none. */
export function impliedDefault(type: string, isStruct: boolean): string {
  if (type.startsWith("[]")) return "[]";
  if (isStruct) return "{}";
  switch (type) {
    case "bool":
      return "false";
    case "string":
      return '""';
    case "uuid":
      return "zero";
    case "bytes":
      return "empty";
    case "records":
      return "null";
    default:
      return "0";
  }
}

/** Puts what holds for all versions of a message into a line. */
export function factsLine(facts: {
  readonly type: string;
  readonly apiKey: number | undefined;
  readonly listeners: readonly string[];
  readonly isLatestUnstable: boolean;
}): string {
  const words = [facts.type];
  if (facts.apiKey !== undefined) words.push(`key=${facts.apiKey}`);
  if (facts.listeners.length > 0) words.push(`listeners=${[...facts.listeners].sort().join("+")}`);
  if (facts.isLatestUnstable) words.push("latest version unstable");
  return words.join(" ");
}
