import type { AclBinding, Admin } from "@millrace/client";
import type { CommandContext } from "../../command.ts";
import { javaExecutionMessageOf } from "../java-message.ts";
import { readToolProperties, withToolAdmin } from "../open-client.ts";
import { refuseErrors } from "../outcome.ts";
import { isTold, toolCommand } from "../tool.ts";
import { ToolUsageError } from "../tool-errors.ts";
import { patternTypeOf, principalOf } from "./acl-names.ts";
import { type AclArguments, aclOptions, checkAclOptions } from "./acl-options.ts";
import { type AclEntry, type AclPlan, plansOf, resourcesOf } from "./acl-plan.ts";
import { entryText, resourceText } from "./acl-text.ts";

/** `millrace kafka-acls`, as Apache Kafka's kafka-acls.sh. */
export const kafkaAcls = toolCommand({
  description: "This tool helps to manage acls on kafka.",
  options: aclOptions,
  isUsageShown: true,
  run,
});

interface AclTask {
  readonly admin: Admin;
  readonly options: AclArguments;
  readonly context: CommandContext;
}

async function run(options: AclArguments, context: CommandContext): Promise<number> {
  checkAclOptions(options);
  const servers = options.text("bootstrap-server");
  const controllers = options.text("bootstrap-controller");
  try {
    const properties = {
      ...readToolProperties(options.text("command-config")),
      ...(servers === undefined ? {} : { "bootstrap.servers": servers }),
      ...(controllers === undefined ? {} : { "bootstrap.controllers": controllers }),
    };
    await withToolAdmin(properties, (admin) => act({ admin, options, context }));
    return 0;
  } catch (error) {
    if (error instanceof ToolUsageError || !isTold(error)) throw error;
    const isOfBroker = error.name === "KafkaError";
    const said = isOfBroker ? javaExecutionMessageOf(error) : error.message;
    context.print(`Error while executing ACL command: ${said}\n`);
    return 1;
  }
}

function act(task: AclTask): Promise<void> {
  if (task.options.has("add")) return addAcls(task);
  return task.options.has("remove") ? removeAcls(task) : listAcls(task);
}

async function addAcls({ admin, options, context }: AclTask): Promise<void> {
  const patternType = patternTypeOf(options.text("resource-pattern-type") ?? "");
  if (patternType !== "LITERAL" && patternType !== "PREFIXED") {
    throw new ToolUsageError(
      `A '--resource-pattern-type' value of '${patternType}' is not valid when adding acls.`,
    );
  }
  const plans = plansOf(options);
  if (plans.some(({ entries }) => entries.length === 0)) {
    throw new ToolUsageError(
      "You must specify one of: --allow-principal, --deny-principal when trying to add ACLs.",
    );
  }
  for (const { resource, entries } of plans) {
    const existing = new Set((await admin.describeAcls(resource)).map(entryText));
    const missing = entries.filter((entry) => !existing.has(entryText(entry)));
    for (const entry of entries) {
      if (missing.includes(entry)) continue;
      const pattern = `pattern=${resourceText(resource)}`;
      context.print(`Acl (${pattern}, entry=${entryText(entry)}) already exists.\n`);
    }
    if (missing.length === 0) continue;
    const text = `Adding ACLs for resource \`${resourceText(resource)}\`: \n `;
    context.print(`${text}${entryLines(missing)}\n\n`);
    refuseErrors(await admin.createAcls(missing.map((entry) => ({ ...resource, ...entry }))));
  }
}

async function removeAcls({ admin, options, context }: AclTask): Promise<void> {
  for (const { resource, entries } of plansOf(options)) {
    if (!(await isConfirmed({ options, context }, { resource, entries }))) continue;
    const filters =
      entries.length === 0 ? [resource] : entries.map((entry) => ({ ...resource, ...entry }));
    const outcomes = await admin.deleteAcls(filters);
    refuseErrors(outcomes);
    for (const deleted of outcomes.values()) {
      if (deleted instanceof Error) throw deleted;
      for (const one of deleted) if (one instanceof Error) throw one;
    }
  }
}

async function isConfirmed(
  { options, context }: Pick<AclTask, "options" | "context">,
  { resource, entries }: AclPlan,
): Promise<boolean> {
  if (options.has("force")) return true;
  const filter = `resource filter \`${resourceText(resource)}\`? (y/n)\n`;
  if (entries.length === 0) {
    context.print(`Are you sure you want to delete all ACLs for ${filter}`);
  } else {
    const question = "Are you sure you want to remove ACLs: \n ";
    context.print(`${question}${entryLines(entries)}\n from ${filter}`);
  }
  return (await firstLine(context)).toLowerCase() === "y";
}

/** Reads what was typed up to the end of the line, and leaves the rest. */
async function firstLine({ input }: CommandContext): Promise<string> {
  let text = "";
  const decoder = new TextDecoder();
  for await (const chunk of input) {
    text += decoder.decode(chunk, { stream: true });
    if (text.includes("\n")) break;
  }
  return (text.split("\n")[0] ?? "").trimEnd();
}

async function listAcls({ admin, options, context }: AclTask): Promise<void> {
  const resources = resourcesOf(options);
  const principals = new Set(options.texts("principal").map((text) => principalOf(text.trim())));
  const filters = resources.length === 0 ? [{}] : resources;
  const found: AclBinding[] = [];
  for (const filter of filters) found.push(...(await admin.describeAcls(filter)));
  if (principals.size === 0) {
    context.print(listText(found));
    return;
  }
  for (const principal of principals) {
    const own = found.filter((one) => one.principal === principal);
    context.print(`ACLs for principal \`${principal}\`\n${listText(own)}`);
  }
}

function listText(bindings: readonly AclBinding[]): string {
  const byResource = new Map<string, Set<string>>();
  for (const one of bindings) {
    const name = resourceText(one);
    const entries = byResource.get(name) ?? new Set();
    byResource.set(name, entries);
    entries.add(`\t${entryText(one)}`);
  }
  return [...byResource]
    .map(
      ([name, entries]) => `Current ACLs for resource \`${name}\`:\n${[...entries].join("\n")}\n\n`,
    )
    .join("");
}

function entryLines(entries: readonly AclEntry[]): string {
  return entries.map((entry) => `\t${entryText(entry)}`).join("\n");
}
