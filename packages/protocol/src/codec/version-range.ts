import type { VersionRange } from "./schema.ts";

/** Inclusive bounds; `null` for no version at all. */
export interface Versions {
  readonly first: number;
  readonly last: number;
}

/** Reads a range; an open end ("3+") is closed by `last`. */
export function parseVersions(range: VersionRange, last: number): Versions | null {
  if (range === "none") return null;
  if (range.endsWith("+")) return { first: Number(range.slice(0, -1)), last };
  const [first, end] = range.split("-");
  return { first: Number(first), last: Number(end ?? first) };
}

/** Says whether a version lies in a range. */
export function includesVersion(range: VersionRange, version: number): boolean {
  const versions = parseVersions(range, Number.MAX_SAFE_INTEGER);
  return versions !== null && version >= versions.first && version <= versions.last;
}

/** Gives the first and the last version of a message or an API. */
export function versionsOf(schema: { readonly versions: VersionRange }): Versions {
  const versions = parseVersions(schema.versions, Number.MAX_SAFE_INTEGER);
  if (versions === null) throw new RangeError("a message without versions has no codec");
  return versions;
}
