import { readToolProperties } from "../open-client.ts";
import { ToolFailure } from "../tool-errors.ts";
import type { ConfigArguments } from "./config-options.ts";

/** What shall change. */
export interface ConfigChanges {
  readonly added: ReadonlyMap<string, string>;
  readonly deleted: readonly string[];
}

/** Not between brackets. */
const outside = String.raw`(?=[^\]]*(?:\[|$))`;
const betweenConfigs = new RegExp(`,${outside}`);
const betweenKeyAndValue = new RegExp(String.raw`\s*=\s*${outside}`);

/** Reads --add-config, --add-config-file and --delete-config. @throws ToolFailure */
export function configChangesOf(given: ConfigArguments): ConfigChanges {
  const added = new Map(Object.entries(readToolProperties(given.text("add-config-file"))));
  const text = given.text("add-config");
  if (text !== undefined) for (const [key, value] of pairsOf(text)) added.set(key, value);
  for (const key of added.keys()) {
    if (/^[$\w.-]*$/.test(key)) continue;
    throw new ToolFailure(`Invalid character found for config key: ${key}`);
  }
  const deleted = given.texts("delete-config").flatMap((names) => names.split(","));
  return { added, deleted: deleted.map((name) => name.trim()) };
}

function pairsOf(text: string): readonly (readonly [string, string])[] {
  return text.split(betweenConfigs).map((word) => {
    const [key, value, ...more] = word.split(betweenKeyAndValue);
    if (key === undefined || value === undefined || more.length > 0) {
      throw new ToolFailure(
        "requirement failed: Invalid entity config: all configs to be added must be in the " +
          'format "key=val" or  "key=[val1,val2]" to group values which contain commas.',
      );
    }
    return [key.trim(), value.replaceAll(/[[\]]/g, "").trim()];
  });
}
