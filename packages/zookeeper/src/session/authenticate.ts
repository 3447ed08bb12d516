import type { Random } from "@millrace/platform";
import { ZooKeeperError } from "../errors.ts";
import { decode, encode, part } from "../jute/jute.ts";
import { opCodes, saslToken } from "../messages.ts";
import { answerChallenge, type Credentials } from "../security/digest-md5.ts";
import type { Link } from "./link.ts";

const nonceBytes = 24;

/**
 * Proves a name to a server by SASL's DIGEST-MD5, and lets the server prove that it knows it.
 * @throws ZooKeeperError, SaslError when one side is not convinced; ConnectionLossError.
 */
export async function authenticate(
  link: Link,
  credentials: Credentials,
  random: Random,
): Promise<void> {
  const challenge = await exchange(link, Buffer.alloc(0));
  const clientNonce = Buffer.from(random.bytes(nonceBytes)).toString("base64");
  const answer = answerChallenge(challenge ?? Buffer.alloc(0), credentials, clientNonce);
  answer.verify(await exchange(link, answer.token));
}

function exchange(link: Link, token: Uint8Array): Promise<Uint8Array | null> {
  return new Promise((resolve, reject) => {
    link.send({
      operation: "sasl",
      opCode: opCodes.sasl,
      path: undefined,
      body: encode(part(saslToken, { token })),
      answered: ({ errorCode, reader }) => {
        if (errorCode === 0) resolve(decode(reader, saslToken).token);
        else reject(new ZooKeeperError({ operation: "sasl", errorCode, path: undefined }));
      },
      failed: reject,
    });
  });
}
