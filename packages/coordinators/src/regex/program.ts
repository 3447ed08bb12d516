import type { CharSet } from "./char-set.ts";
import { type Assertion, type Node, RegexRefusal } from "./syntax-tree.ts";

/**
 * Instructions a program may have: each of them may be looked at for each character of each topic,
 * so that this bounds what a stranger's pattern costs.
 */
const INSTRUCTION_COUNT_MAX = 10_000;

const TOO_LARGE = "expression is too large";

/** One step of a program; `next` and `other` are indexes of instructions. */
export type Instruction =
  | { readonly kind: "set"; readonly set: CharSet; readonly next: number }
  | { readonly kind: "assertion"; readonly assertion: Assertion; readonly next: number }
  /** Goes on in two places at once, of which the first counts more. */
  | { readonly kind: "fork"; readonly next: number; readonly other: number }
  /** Notes the place: 2n where group n begins, 2n+1 where it ends. */
  | { readonly kind: "save"; readonly slot: number; readonly next: number }
  | { readonly kind: "match" };

/** What a pattern is run as. */
export interface Program {
  readonly instructions: readonly Instruction[];
  readonly start: number;
}

/**
 * Turns a tree into a program (Thompson), which notes what groups match only if it is asked to.
 * @throws RegexRefusal when it gets too large.
 */
export function compileTree(node: Node, captures = false): Program {
  const output: Output = { instructions: [{ kind: "match" }], steps: 0, captures };
  const start = emit(node, 0, output);
  return { instructions: output.instructions, start };
}

interface Output {
  readonly instructions: Instruction[];
  /** Nodes looked at: one that emits nothing may be repeated a thousand times a thousand times. */
  steps: number;
  readonly captures: boolean;
}

/** Emits a node that goes on at `next`, back to front; gives where it starts. */
function emit(node: Node, next: number, output: Output): number {
  output.steps++;
  if (output.steps > INSTRUCTION_COUNT_MAX) throw new RegexRefusal(TOO_LARGE);
  switch (node.kind) {
    case "empty":
      return next;
    case "set":
      return push(output, { kind: "set", set: node.set, next });
    case "assertion":
      return push(output, { kind: "assertion", assertion: node.assertion, next });
    case "sequence":
      return node.nodes.reduceRight((after, child) => emit(child, after, output), next);
    case "choice": {
      const starts = node.nodes.map((child) => emit(child, next, output));
      return starts.reduceRight((other, start) =>
        push(output, { kind: "fork", next: start, other }),
      );
    }
    case "group": {
      if (!output.captures) return emit(node.node, next, output);
      const end = push(output, { kind: "save", slot: 2 * node.number + 1, next });
      const body = emit(node.node, end, output);
      return push(output, { kind: "save", slot: 2 * node.number, next: body });
    }
    case "repetition":
      return emitRepetition(node, next, output);
  }
}

function emitRepetition(
  repetition: Extract<Node, { kind: "repetition" }>,
  next: number,
  output: Output,
): number {
  const { node, min, max, isLazy } = repetition;
  let start = max === Number.POSITIVE_INFINITY ? emitLoop(repetition, next, output) : next;
  for (let count = min; count < max && max !== Number.POSITIVE_INFINITY; count++) {
    // Each optional copy may also be passed over, together with those after it.
    const body = emit(node, start, output);
    start = push(output, fork(body, next, isLazy));
  }
  for (let count = 0; count < min; count++) start = emit(node, start, output);
  return start;
}

function emitLoop(
  { node, isLazy }: Extract<Node, { kind: "repetition" }>,
  next: number,
  output: Output,
): number {
  const loop = push(output, { kind: "match" });
  const body = emit(node, loop, output);
  output.instructions[loop] = fork(body, next, isLazy);
  return loop;
}

function fork(again: number, onward: number, isLazy: boolean): Instruction {
  return isLazy
    ? { kind: "fork", next: onward, other: again }
    : { kind: "fork", next: again, other: onward };
}

function push({ instructions }: Output, instruction: Instruction): number {
  if (instructions.length >= INSTRUCTION_COUNT_MAX) throw new RegexRefusal(TOO_LARGE);
  return instructions.push(instruction) - 1;
}
