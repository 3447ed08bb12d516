import { InvalidArgumentError } from "@commander-js/extra-typings";

/** A topic to make. */
export interface TopicToMake {
  readonly name: string;
  readonly numPartitions: number;
}

/** Reads `orders:3,payments`, for an option; one partition where none are named. */
export function topicList(text: string): readonly TopicToMake[] {
  return text.split(",").map((part) => {
    const [, name, partitions = "1"] = /^([\w.-]+)(?::([1-9]\d{0,5}))?$/u.exec(part.trim()) ?? [];
    if (name === undefined) throw new InvalidArgumentError("It takes orders:3,payments.");
    return { name, numPartitions: Number(partitions) };
  });
}
