import { parsePrincipal, principalText } from "../security/principal.ts";
import {
  type AuthorizerConfig,
  OPEN_WITHOUT_ACLS_KEY,
  SUPER_USERS_KEY,
} from "./authorizer-keys.ts";
import { type ConfigContext, report } from "./config-context.ts";

/** Reads the authorizer's configurations; undefined where none is configured. */
export function readAuthorizerConfig(context: ConfigContext): AuthorizerConfig | undefined {
  const superUsers = readSuperUsers(context);
  const isOpenWithoutAcls = readOpen(context);
  if (context.fields.authorizerClassName.trim() === "") return undefined;
  return { superUsers, isOpenWithoutAcls };
}

function readSuperUsers(context: ConfigContext): ReadonlySet<string> {
  const superUsers = new Set<string>();
  for (const text of (context.given.get(SUPER_USERS_KEY)?.value ?? "").split(";")) {
    if (text.trim() === "") continue;
    const principal = parsePrincipal(text.trim());
    if (principal !== undefined) superUsers.add(principalText(principal));
    else {
      const expected = "expected User:name, several parted by semicolons";
      report(context, SUPER_USERS_KEY, `${SUPER_USERS_KEY} has ${text.trim()}; ${expected}`);
    }
  }
  return superUsers;
}

function readOpen(context: ConfigContext): boolean {
  const text = context.given.get(OPEN_WITHOUT_ACLS_KEY)?.value.trim().toLowerCase() ?? "";
  if (text !== "" && text !== "true" && text !== "false") {
    report(
      context,
      OPEN_WITHOUT_ACLS_KEY,
      `${OPEN_WITHOUT_ACLS_KEY} is ${text}; expected true or false`,
    );
  }
  return text === "true";
}
