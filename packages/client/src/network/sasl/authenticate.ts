import type { Random } from "@millrace/platform";
import {
  type ApiSchema,
  errorCodes,
  type RequestInput,
  type ResponseOf,
  SaslAuthenticate,
  SaslHandshake,
} from "@millrace/protocol";
import { errorFromCode, KafkaError } from "../../errors/kafka-error.ts";
import { type ApiTable, chooseVersion } from "../api-table.ts";
import { Call } from "../call.ts";
import type { AskOptions } from "../negotiate.ts";
import type { SaslMechanism } from "./sasl-mechanism.ts";

/** No mechanism needs more messages. */
const messagesMax = 8;

/** What an authentication is done with. */
export interface AuthenticateOptions extends AskOptions {
  readonly table: ApiTable;
  readonly mechanism: SaslMechanism;
  readonly random: Random;
}

/**
 * Proves who the client is, on a connection that carries nothing else meanwhile.
 * @returns after how many milliseconds to do it anew (KIP-368); infinite when there is no need
 * @throws KafkaError SASL_AUTHENTICATION_FAILED, UNSUPPORTED_SASL_MECHANISM, TOKEN_UNAVAILABLE …
 */
export async function authenticate(options: AuthenticateOptions): Promise<number> {
  const { mechanism } = options;
  const exchange = await mechanism.begin();
  await chooseMechanism(options);
  let message: Buffer | undefined = await exchange.first();
  let sessionLifetimeMs = 0;
  for (let count = 0; message !== undefined; count += 1) {
    if (count === messagesMax) throw failed(mechanism, "the broker finds no end");
    const body = await ask(options, SaslAuthenticate, { authBytes: message });
    if (body.errorCode !== errorCodes.NONE) {
      throw errorFromCode(body.errorCode, {
        what: `${mechanism.name} was refused`,
        brokerMessage: body.errorMessage,
        node: options.connection.node,
      });
    }
    ({ sessionLifetimeMs } = body);
    message = exchange.next(body.authBytes);
  }
  return renewalMs(sessionLifetimeMs, options.random);
}

async function chooseMechanism(options: AuthenticateOptions): Promise<void> {
  const { mechanism, connection } = options;
  const { errorCode, mechanisms } = await ask(options, SaslHandshake, {
    mechanism: mechanism.name,
  });
  if (errorCode === errorCodes.NONE) return;
  throw errorFromCode(errorCode, {
    what: `${mechanism.name} is not offered; the listener has ${mechanisms.join(", ") || "none"}`,
    node: connection.node,
  });
}

async function ask<A extends ApiSchema>(
  { connection, clock, timeoutMs, table }: AuthenticateOptions,
  api: A,
  request: RequestInput<A>,
): Promise<ResponseOf<A>> {
  const call = new Call({ clock, api, request, timeoutMs, options: {} });
  // Version 0 of the handshake goes on without frames of its own; nobody has needed it since 1.0.
  const minVersion = api.key === SaslHandshake.key ? 1 : 0;
  connection.transmit(call, chooseVersion(table, api, { minVersion }));
  return (await call.answer).body;
}

/** As Java: somewhere between 85 and 95 % of the session, so that not all clients come at once. */
function renewalMs(sessionLifetimeMs: number, random: Random): number {
  if (sessionLifetimeMs <= 0) return Number.POSITIVE_INFINITY;
  return sessionLifetimeMs * (0.85 + random.nextFloat() * 0.1);
}

function failed(mechanism: SaslMechanism, what: string): KafkaError {
  return new KafkaError("SASL_AUTHENTICATION_FAILED", `${mechanism.name}: ${what}`);
}
