import type { SaslMechanism } from "./sasl-mechanism.ts";

/** A user name and a password. */
export interface Credentials {
  readonly username: string;
  readonly password: string | (() => string | Promise<string>);
}

/** PLAIN (RFC 4616): the password as it is. Without TLS everybody on the way can read it. */
export function plain(credentials: Credentials): SaslMechanism {
  return {
    name: "PLAIN",
    begin: async () => {
      const password = await passwordOf(credentials);
      return {
        first: () => Buffer.from(`\0${credentials.username}\0${password}`, "utf8"),
        next: () => undefined,
      };
    },
  };
}

/** The password as it is now. */
export async function passwordOf({ password }: Credentials): Promise<string> {
  return typeof password === "string" ? password : password();
}
