import type { GroupVerdict } from "./judge-groups.ts";
import type { ShareVerdict } from "./judge-share-group.ts";

/** What is wrong with a group, a line each; empty when nothing is. */
export function wrongOf(verdict: GroupVerdict | ShareVerdict): readonly string[] {
  const all = (words: string, examples: readonly string[]) => {
    return examples.map((example) => `${words}: ${example}`);
  };
  const back = all("an offset went back", verdict.wentBack);
  if ("heldByTwo" in verdict) {
    return [
      ...all("two holders", verdict.heldByTwo),
      ...all("too often", verdict.deliveredTooOften),
      ...all("delivered when it was done", verdict.deliveredAfterDone),
      ...all("forgotten", verdict.forgotten),
      ...back,
    ];
  }
  const shared = [...verdict.sharedAtATime, ...verdict.sharedInAGeneration];
  return [...all("two owners", shared), ...back];
}
