import type { OptionSpec, OptionTable } from "./option-table.ts";

/** Columns of joptsimple's help: 80 characters, two of them between both. */
const columnWidth = 39;
const separator = "  ";

/** Renders a tool's options in two columns, by their names. */
export function renderHelp(table: OptionTable): string {
  const names = Object.keys(table).toSorted();
  const isMarked = names.some((name) => table[name]?.isRequired === true);
  const title = isMarked ? "Option (* = required)" : "Option";
  const rows = names.map((name): readonly [string, string] => {
    const spec = table[name] ?? { description: "" };
    const mark = isMarked ? (spec.isRequired === true ? "* " : "  ") : "";
    return [`${mark}--${name}${argumentOf(spec)}`, descriptionOf(spec)];
  });
  const heads = [
    [title, "Description"],
    ["-".repeat(title.length), "-".repeat("Description".length)],
  ] as const;
  return [...heads, ...rows].flatMap(([left, right]) => renderRow(left, right)).join("\n") + "\n";
}

function argumentOf({ argument, type = "String", describedAs }: OptionSpec): string {
  if (argument === undefined) return "";
  const inner = describedAs === undefined ? type : `${type}: ${describedAs}`;
  return argument === "optional" ? ` [${inner}]` : ` <${inner}>`;
}

function descriptionOf({ description, defaultsTo }: OptionSpec): string {
  return defaultsTo === undefined ? description : `${description} (default: ${defaultsTo})`;
}

function renderRow(left: string, right: string): readonly string[] {
  const lefts = wrap(left);
  const rights = right.split("\n").flatMap(wrap);
  const height = Math.max(lefts.length, rights.length);
  return Array.from({ length: height }, (_, line) =>
    `${(lefts[line] ?? "").padEnd(columnWidth)}${separator}${rights[line] ?? ""}`.trimEnd(),
  );
}

/** Lines of words; those behind the first are indented by two. */
function wrap(text: string): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (longer.length <= columnWidth || line.trim() === "") {
      line = longer;
      continue;
    }
    lines.push(line);
    line = `  ${word}`;
  }
  return [...lines, line];
}
