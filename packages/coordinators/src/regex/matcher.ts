import { hasCharacter, isWordCharacter } from "./char-set.ts";
import type { Program } from "./program.ts";
import type { Assertion } from "./syntax-tree.ts";

const NEWLINE = 10;

/** The characters around a place in a text. */
export interface Place {
  readonly before: number | undefined;
  readonly after: number | undefined;
}

/** Where a program is between two characters, and where it goes with the next. */
interface State {
  /** The instructions it is at, before those are followed that take no character. */
  readonly instructions: readonly number[];
  readonly before: number | undefined;
  /** By the code point of the next character; null where no match is possible any more. */
  readonly next: Map<number, State | null>;
  /** Whether the text may end here; undefined until it was asked. */
  isMatch: boolean | undefined;
}

/** What is remembered at most, in instructions and transitions: some megabytes. */
const REMEMBERED_MAX = 200_000;

/**
 * Tells which texts a program matches as a whole. All the places it can be in are followed at once,
 * so that it takes time in proportion to the text's length times the program's, whatever the
 * pattern; where it was before with the same character it goes by what it remembers, which makes
 * that time short for all texts after the first ones.
 */
export class Matcher {
  readonly #program: Program;
  readonly #seenAt: Int32Array;
  #turn = 0;
  #states = new Map<string, State>();
  #rememberedCount = 0;
  #work = 0;

  constructor(program: Program) {
    this.#program = program;
    this.#seenAt = new Int32Array(program.instructions.length).fill(-1);
  }

  /** Steps taken so far: a measure of time that does not depend on the machine. */
  get work(): number {
    return this.#work;
  }

  /** Whether the program matches the whole text; false when `work` passes `workMax` before. */
  matches(text: string, workMax: number): boolean {
    let state: State | null = this.#remember([this.#program.start], undefined);
    for (let index = 0; index < text.length; index += 1) {
      const codePoint = text.codePointAt(index) ?? 0;
      // A character beyond the first 65,536 has two places in the text.
      if (codePoint > 0xffff) index += 1;
      let next: State | null | undefined = state.next.get(codePoint);
      if (next === undefined) {
        if (this.#work > workMax) return false;
        next = this.#advance(state, codePoint);
        state.next.set(codePoint, next);
      }
      if (next === null) return false;
      state = next;
    }
    state.isMatch ??= this.#follow(state, undefined).isMatch;
    return state.isMatch;
  }

  #advance(state: State, codePoint: number): State | null {
    const next: number[] = [];
    for (const reached of this.#follow(state, codePoint).states) {
      const instruction = this.#program.instructions[reached];
      if (instruction?.kind !== "set") continue;
      this.#work += instruction.set.items.length;
      if (hasCharacter(instruction.set, codePoint)) next.push(instruction.next);
    }
    return next.length === 0 ? null : this.#remember(next, codePoint);
  }

  #follow({ instructions: states, before }: State, after: number | undefined) {
    const { instructions } = this.#program;
    this.#turn += 1;
    const index = this.#turn;
    const place = { before, after };
    const reached = follow({ instructions, states, place, seenAt: this.#seenAt, index });
    this.#work += reached.steps;
    return reached;
  }

  #remember(instructions: readonly number[], before: number | undefined): State {
    const sorted = [...new Set(instructions)].sort((left, right) => left - right);
    const key = `${kindOf(before)}${sorted.join()}`;
    const known = this.#states.get(key);
    if (known !== undefined) return known;
    if (this.#rememberedCount > REMEMBERED_MAX) {
      this.#states = new Map();
      this.#rememberedCount = 0;
    }
    // A state has a transition for each of the characters that names are made of, in the end.
    this.#rememberedCount += sorted.length + 64;
    this.#work += sorted.length;
    const state: State = { instructions: sorted, before, next: new Map(), isMatch: undefined };
    this.#states.set(key, state);
    return state;
  }
}

/** What assertions look at of the character before a place. */
function kindOf(before: number | undefined): string {
  if (before === undefined) return "start ";
  if (before === NEWLINE) return "newline ";
  return isWordCharacter(before) ? "word " : "other ";
}

/**
 * Follows all that takes no character; gives the states that do, and whether a match is among them.
 */
function follow(options: {
  readonly instructions: Program["instructions"];
  readonly states: readonly number[];
  readonly place: Place;
  /** The index at which each state was last seen: one of its own for each call. */
  readonly seenAt: Int32Array;
  readonly index: number;
}): { readonly states: number[]; readonly isMatch: boolean; readonly steps: number } {
  const { instructions, place, seenAt, index } = options;
  const open = [...options.states];
  const states: number[] = [];
  let isMatch = false;
  let steps = 0;
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    steps += 1;
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
  return { states, isMatch, steps };
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
