import { readFileSync } from "node:fs";
import type { Admin, Client } from "@millrace/client";
import { parseProperties } from "@millrace/platform";
import { ToolFailure } from "./tool-errors.ts";

/** Java's names and their values. */
export type ToolProperties = Readonly<Record<string, string>>;

/**
 * Reads the file that an option names, as Java's Properties; none without a name.
 * @throws ToolFailure with the file's name, as Java's NoSuchFileException has it.
 */
export function readToolProperties(path: string | undefined): ToolProperties {
  if (path === undefined) return {};
  const { lines } = parseProperties(readText(path, path));
  return Object.fromEntries(lines.map(({ key, value }) => [key, value]));
}

/** Reads a text file that an option names. @throws ToolFailure with its name. */
export function readToolFile(path: string): string {
  return readText(path, `Unable to read file ${path}`);
}

function readText(path: string, failure: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new ToolFailure(failure, { cause });
  }
}

/** Runs something with a client that is closed afterwards. */
export async function withToolClient<R>(
  properties: ToolProperties,
  body: (client: Client) => Promise<R>,
): Promise<R> {
  const { Client: ClientClass } = await import("@millrace/client");
  await using client = ClientClass.fromProperties(properties);
  return await body(client);
}

/** The same with an admin of it. */
export function withToolAdmin<R>(
  properties: ToolProperties,
  body: (admin: Admin) => Promise<R>,
): Promise<R> {
  return withToolClient(properties, async (client) => {
    await using admin = client.admin();
    return await body(admin);
  });
}

/** Reads `key=value` words; a value may be missing, and then is empty. */
export function keyValueArguments(words: readonly string[]): ToolProperties {
  return Object.fromEntries(
    words.map((word): readonly [string, string] => {
      const at = word.indexOf("=");
      return at < 0 ? [word, ""] : [word.slice(0, at), word.slice(at + 1)];
    }),
  );
}
