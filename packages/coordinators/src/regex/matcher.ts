import { hasCharacter, isWordCharacter } from "./char-set.ts";
import type { Program } from "./program.ts";
import type { Assertion } from "./syntax-tree.ts";

const NEWLINE = 10;

/** The characters around a place in a text. */
export interface Place {
  readonly before: number | undefined;
  readonly after: number | undefined;
}

/**
 * Whether a program matches a whole text. All the places it can be in are followed at once, so that
 * it takes time in proportion to the text's length times the program's, whatever the pattern.
 */
export function matchesWhole({ instructions, start }: Program, text: string): boolean {
  const codePoints = Array.from(text, (character) => character.codePointAt(0) ?? 0);
  const seenAt = new Int32Array(instructions.length).fill(-1);
  let states = [start];
  for (let index = 0; ; index++) {
    const after = codePoints[index];
    const place = { before: codePoints[index - 1], after };
    const reached = follow({ instructions, states, place, seenAt, index });
    if (after === undefined) return reached.isMatch;
    if (reached.states.length === 0) return false;
    states = [];
    for (const state of reached.states) {
      const instruction = instructions[state];
      if (instruction?.kind === "set" && hasCharacter(instruction.set, after)) {
        states.push(instruction.next);
      }
    }
  }
}

/**
 * Follows all that takes no character; gives the states that do, and whether a match is among them.
 */
function follow(options: {
  readonly instructions: Program["instructions"];
  readonly states: readonly number[];
  readonly place: Place;
  /** The index in the text at which each state was last seen. */
  readonly seenAt: Int32Array;
  readonly index: number;
}): { readonly states: number[]; readonly isMatch: boolean } {
  const { instructions, place, seenAt, index } = options;
  const open = [...options.states];
  const states: number[] = [];
  let isMatch = false;
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    const instruction = instructions[state];
    if (instruction === undefined || seenAt[state] === index) continue;
    seenAt[state] = index;
    switch (instruction.kind) {
      case "set":
        states.push(state);
        break;
      case "match":
        isMatch = true;
        break;
      case "fork":
        open.push(instruction.other, instruction.next);
        break;
      case "save":
        open.push(instruction.next);
        break;
      case "assertion":
        if (holds(instruction.assertion, place)) open.push(instruction.next);
    }
  }
  return { states, isMatch };
}

/** Whether an assertion holds between two characters. */
export function holds(assertion: Assertion, { before, after }: Place): boolean {
  switch (assertion) {
    case "text-start":
      return before === undefined;
    case "text-end":
      return after === undefined;
    case "line-start":
      return before === undefined || before === NEWLINE;
    case "line-end":
      return after === undefined || after === NEWLINE;
    case "word-boundary":
      return isWordCharacter(before) !== isWordCharacter(after);
    case "no-word-boundary":
      return isWordCharacter(before) === isWordCharacter(after);
  }
}
