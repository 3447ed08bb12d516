import type {
  ApiSchema,
  FieldSchema,
  Fields,
  MessageSchema,
  VersionRange,
} from "@millrace/protocol";
import { includesVersion, versionsOf } from "@millrace/protocol";
import type { Definition } from "./definition.ts";
import { factsLine, fieldLine, impliedDefault } from "./definition.ts";

const longMax = "9223372036854775807";

/** Puts an API's request and response into the form that is compared. */
export function apiDefinitions(api: ApiSchema): readonly Definition[] {
  const { name, key, listeners } = api;
  const isLatestUnstable = api.latestVersionUnstable === true;
  const request = { type: "request", apiKey: key, listeners, isLatestUnstable };
  const response = { type: "response", apiKey: key, listeners: [], isLatestUnstable: false };
  return [
    definition({ ...api, name: `${name}Request`, fields: api.request }, factsLine(request)),
    definition({ ...api, name: `${name}Response`, fields: api.response }, factsLine(response)),
  ];
}

/** Puts a header, a record or a file's content into the form that is compared. */
export function messageDefinition(schema: MessageSchema): Definition {
  const { type, apiKey } = schema;
  return definition(schema, factsLine({ type, apiKey, listeners: [], isLatestUnstable: false }));
}

interface Source {
  readonly name: string;
  readonly versions: VersionRange;
  readonly flexibleVersions: VersionRange;
  readonly fields: Fields;
}

function definition(source: Source, facts: string): Definition {
  const { first, last } = versionsOf(source);
  return {
    name: source.name,
    facts,
    firstVersion: first,
    lastVersion: last,
    fieldsAt: (version) => {
      const isFlexible = includesVersion(source.flexibleVersions, version);
      return linesOf(source.fields, { version, isFlexible, path: "" });
    },
  };
}

interface Scope {
  readonly version: number;
  readonly isFlexible: boolean;
  readonly path: string;
}

function linesOf(fields: Fields, scope: Scope): readonly string[] {
  return Object.entries(fields)
    .filter(([, field]) => isIn(field.versions, scope.version))
    .flatMap(([name, field]) => {
      const path = scope.path + name;
      const isNullable = field.nullable !== undefined && isIn(field.nullable, scope.version);
      const isTagged = field.tag !== undefined && isIn(field.taggedVersions, scope.version);
      const line = fieldLine({
        path,
        type: field.type,
        isFlexible: scope.isFlexible && field.flexible !== false,
        isNullable,
        tag: isTagged ? (field.tag ?? null) : null,
        default: defaultOf(field),
        isIgnorable: field.ignorable === true,
        isMapKey: field.mapKey === true,
        entityType: field.entityType ?? null,
      });
      return [line, ...linesOf(field.fields ?? {}, { ...scope, path: `${path}.` })];
    });
}

/** A range that is left out stands for every version in which the parent exists. */
function isIn(range: true | VersionRange | undefined, version: number): boolean {
  return range === undefined || range === true || includesVersion(range, version);
}

function defaultOf(field: FieldSchema): string {
  if (field.default === undefined) return impliedDefault(field.type, field.fields !== undefined);
  if (field.default === null) return "null";
  // Docs/formats/schema-language.md: the largest safe integer stands for Kafka's infinite.
  if (field.as === "saturated" && field.default === Number.MAX_SAFE_INTEGER) return longMax;
  return field.type === "string" ? JSON.stringify(field.default) : String(field.default);
}
