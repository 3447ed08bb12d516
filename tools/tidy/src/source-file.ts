import type { Comment, ParseResult } from "oxc-parser";
import { parseSync } from "oxc-parser";

/** A parsed TypeScript file. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
  readonly imports: readonly Import[];
  readonly functions: readonly FunctionSpan[];
  readonly exports: readonly ExportedDeclaration[];
  readonly comments: readonly LocatedComment[];
}

/** An import or re-export. */
export interface Import {
  readonly specifier: string;
  readonly line: number;
  /** The names taken from it; empty for a whole namespace. */
  readonly names: readonly string[];
}

/** A function with a body of statements. */
export interface FunctionSpan {
  /** Its own name, or that of what it is given to. */
  readonly name: string;
  readonly line: number;
  readonly lines: number;
}

/** An exported declaration: not a re-export. */
export interface ExportedDeclaration {
  readonly name: string;
  readonly line: number;
  readonly kind: string;
  readonly hasDocComment: boolean;
}

/** A comment without its marks. */
export interface LocatedComment {
  readonly text: string;
  readonly line: number;
}

/** Parses a file; a syntax error is the compiler's to report, and leaves the lists short. */
export function parseSource(path: string, text: string): SourceFile {
  const result = parseSync(path, text, { lang: "ts", sourceType: "module" });
  const lineOf = lineFinder(text);
  return {
    path,
    text,
    imports: importsOf(result, lineOf),
    functions: functionsOf(result.program as unknown as Node, lineOf),
    exports: exportsOf(result, text, lineOf),
    comments: result.comments.map((comment) => ({
      text: comment.value,
      line: lineOf(comment.start),
    })),
  };
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

type LineOf = (position: number) => number;

function lineFinder(text: string): LineOf {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return (position) => {
    let low = 0;
    let high = starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= position) low = middle;
      else high = middle;
    }
    return low + 1;
  };
}

function importsOf(result: ParseResult, lineOf: LineOf): readonly Import[] {
  const { staticImports, staticExports, dynamicImports } = result.module;
  const found: Import[] = staticImports.map((entry) => ({
    specifier: entry.moduleRequest.value,
    line: lineOf(entry.start),
    names: entry.entries.flatMap((name) => name.importName.name ?? []),
  }));
  for (const statement of staticExports) {
    const [first] = statement.entries;
    const request = first?.moduleRequest;
    if (request === null || request === undefined) continue;
    const names = statement.entries.flatMap((entry) => entry.importName.name ?? []);
    found.push({ specifier: request.value, line: lineOf(statement.start), names });
  }
  for (const entry of dynamicImports) {
    const { start, end } = entry.moduleRequest;
    const literal = sourceSlice(result, start, end);
    const specifier = /^["'`]([^"'`$]+)["'`]$/.exec(literal)?.[1];
    if (specifier !== undefined) {
      found.push({ specifier, line: lineOf(entry.start), names: [] });
    }
  }
  return found.sort((left, right) => left.line - right.line);
}

/** Text of a program by position; the parser's program keeps it as the literal's own source. */
function sourceSlice(result: ParseResult, start: number, end: number): string {
  let found = "";
  walk(result.program as unknown as Node, (node) => {
    if (node.start === start && node.end === end && node.type === "Literal") {
      found = typeof node["raw"] === "string" ? node["raw"] : "";
    }
  });
  return found;
}

function walk(node: Node, visit: (node: Node, parent: Node | undefined) => void): void {
  const stack: [Node, Node | undefined][] = [[node, undefined]];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const [current, parent] = next;
    visit(current, parent);
    for (const value of Object.values(current)) {
      for (const child of Array.isArray(value) ? (value as unknown[]) : [value]) {
        if (isNode(child)) stack.push([child, current]);
      }
    }
  }
}

function isNode(value: unknown): value is Node {
  return value !== null && typeof value === "object" && "type" in value && "start" in value;
}

const functionTypes = new Set([
  "FunctionDeclaration",
  "FunctionExpression",
  "ArrowFunctionExpression",
]);

function functionsOf(program: Node, lineOf: LineOf): readonly FunctionSpan[] {
  const found: FunctionSpan[] = [];
  walk(program, (node, parent) => {
    if (!functionTypes.has(node.type) || !isNode(node["body"])) return;
    const holder = parent?.type === "MethodDefinition" ? parent : node;
    const line = lineOf(holder.start);
    found.push({ name: nameOf(node, parent), line, lines: lineOf(holder.end) - line + 1 });
  });
  return found.sort((left, right) => left.line - right.line);
}

function nameOf(node: Node, parent: Node | undefined): string {
  for (const holder of [node["id"], parent?.["key"], parent?.["id"]]) {
    if (isNode(holder) && typeof holder["name"] === "string") return holder["name"];
  }
  return "anonymous";
}

function exportsOf(
  result: ParseResult,
  text: string,
  lineOf: LineOf,
): readonly ExportedDeclaration[] {
  const docEnds = new Map<number, Comment>();
  for (const comment of result.comments) {
    if (comment.type === "Block" && comment.value.startsWith("*")) {
      docEnds.set(afterSpace(text, comment.end), comment);
    }
  }
  const found: ExportedDeclaration[] = [];
  for (const statement of result.program.body as unknown as readonly Node[]) {
    const declaration = statement["declaration"];
    if (statement.type !== "ExportNamedDeclaration" || !isNode(declaration)) continue;
    const hasDocComment = docEnds.has(statement.start);
    for (const name of namesOf(declaration)) {
      const line = lineOf(statement.start);
      found.push({ name, line, kind: declaration.type, hasDocComment });
    }
  }
  return found;
}

function afterSpace(text: string, position: number): number {
  let at = position;
  while (at < text.length && /\s/.test(text.charAt(at))) at += 1;
  return at;
}

function namesOf(declaration: Node): readonly string[] {
  const { id, declarations } = declaration as { id?: unknown; declarations?: unknown };
  const holders = Array.isArray(declarations)
    ? (declarations as unknown[]).map((one) => (isNode(one) ? one["id"] : undefined))
    : [id];
  return holders.flatMap((holder) => {
    return isNode(holder) && typeof holder["name"] === "string" ? [holder["name"]] : [];
  });
}
