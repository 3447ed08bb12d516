/** Names that speak to the command line, not to a broker. */
const clientNames: ReadonlySet<string> = new Set([
  "MILLRACE_BOOTSTRAP",
  "MILLRACE_CONTEXT",
  "MILLRACE_CONTEXTS",
  "MILLRACE_COMMAND_CONFIG",
]);

/** The environment as a broker shall see it, which warns of names that it does not know. */
export function brokerEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !clientNames.has(name)));
}
