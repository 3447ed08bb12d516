/** The names of metadata.version's levels from 7 on, as Apache Kafka 4.3.1 has them. */
const names = [
  "3.3-IV3 3.4-IV0 3.5-IV0 3.5-IV1 3.5-IV2 3.6-IV0 3.6-IV1 3.6-IV2",
  "3.7-IV0 3.7-IV1 3.7-IV2 3.7-IV3 3.7-IV4 3.8-IV0 3.9-IV0",
  "4.0-IV0 4.0-IV1 4.0-IV2 4.0-IV3 4.1-IV0 4.1-IV1 4.2-IV0 4.2-IV1 4.3-IV0 4.4-IV0",
].flatMap((line) => line.split(" "));

const firstLevel = 7;

/** Gives the name of a level of metadata.version; undefined of one that Kafka 4.3.1 has not. */
export function metadataVersionName(level: number): string | undefined {
  return names[level - firstLevel];
}
