import { output } from "./program.ts";

/** Every value of a partition from the beginning, as kcat reads them: without a group. */
export async function kcatValues(
  bootstrap: string,
  topic: string,
  partition = 0,
): Promise<readonly string[]> {
  const place = ["-t", topic, "-p", String(partition), "-o", "beginning"];
  const words = ["kcat", "-b", bootstrap, "-C", ...place, "-e", "-q"];
  const text = (await output(words)).toString("latin1");
  return text === "" ? [] : text.replace(/\n$/, "").split("\n");
}
