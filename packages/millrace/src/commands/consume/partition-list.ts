import { InvalidArgumentError } from "@commander-js/extra-typings";

/** A range wider than this is a slip of the hand. */
const rangeSizeMax = 100_000;

/** Reads `0,3,5-7`, for an option. */
export function partitionList(text: string): readonly number[] {
  const partitions = text.split(",").flatMap((part) => partitionsOf(part.trim()));
  return [...new Set(partitions)].sort((left, right) => left - right);
}

function partitionsOf(part: string): readonly number[] {
  const [, first = "", last = first] = /^(\d+)(?:-(\d+))?$/u.exec(part) ?? [];
  const size = Number(last) - Number(first) + 1;
  if (first === "" || size < 1 || size > rangeSizeMax) {
    throw new InvalidArgumentError("It takes 0,3,5-7.");
  }
  return Array.from({ length: size }, (_, index) => Number(first) + index);
}
