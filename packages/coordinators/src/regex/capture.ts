import { hasCharacter } from "./char-set.ts";
import { holds, type Place } from "./matcher.ts";
import type { Program } from "./program.ts";

/** A place in a program, with where its groups began and ended on the way there. */
interface Thread {
  readonly state: number;
  readonly slots: readonly number[];
}

/**
 * What a program's groups match in a whole text: what a backtracking engine would find first.
 * All places are followed at once in the order of their weight (Pike), each state once for each
 * character, so that it takes linear time.
 */
export function captureWhole(
  program: Program,
  text: string,
): readonly (string | undefined)[] | undefined {
  const characters = Array.from(text);
  let threads: readonly Thread[] = [{ state: program.start, slots: [] }];
  for (let index = 0; ; index++) {
    const after = characters[index]?.codePointAt(0);
    const place = { before: characters[index - 1]?.codePointAt(0), after };
    const reached = follow(program, threads, { place, index });
    if (after === undefined) {
      return reached.match === undefined ? undefined : groupsOf(reached.match, characters);
    }
    threads = reached.threads.flatMap(({ state, slots }) => {
      const instruction = program.instructions[state];
      const isTaken = instruction?.kind === "set" && hasCharacter(instruction.set, after);
      return isTaken ? [{ state: instruction.next, slots }] : [];
    });
    if (threads.length === 0) return undefined;
  }
}

/** Follows all that takes no character, the heaviest first. */
function follow(
  { instructions }: Program,
  threads: readonly Thread[],
  { place, index }: { readonly place: Place; readonly index: number },
): { readonly threads: readonly Thread[]; readonly match: readonly number[] | undefined } {
  const seen = new Set<number>();
  const reached: Thread[] = [];
  let match: readonly number[] | undefined;
  const open = threads.toReversed();
  for (let thread = open.pop(); thread !== undefined; thread = open.pop()) {
    const { state, slots } = thread;
    const instruction = instructions[state];
    if (instruction === undefined || seen.has(state)) continue;
    seen.add(state);
    switch (instruction.kind) {
      case "set":
        reached.push(thread);
        break;
      case "match":
        match ??= slots;
        break;
      case "fork":
        open.push({ state: instruction.other, slots }, { state: instruction.next, slots });
        break;
      case "save":
        open.push({ state: instruction.next, slots: withSlot(slots, instruction.slot, index) });
        break;
      case "assertion":
        if (holds(instruction.assertion, place)) open.push({ state: instruction.next, slots });
    }
  }
  return { threads: reached, match };
}

function withSlot(slots: readonly number[], slot: number, index: number): readonly number[] {
  const changed = [...slots];
  changed[slot] = index;
  return changed;
}

function groupsOf(
  slots: readonly number[],
  characters: readonly string[],
): readonly (string | undefined)[] {
  const groups: (string | undefined)[] = [characters.join("")];
  for (let number = 1; 2 * number < slots.length; number++) {
    const start = slots[2 * number];
    const end = slots[2 * number + 1];
    groups[number] =
      start === undefined || end === undefined ? undefined : characters.slice(start, end).join("");
  }
  return groups;
}
