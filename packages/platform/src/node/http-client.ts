import process from "node:process";
import { NetworkError } from "../errors.ts";
import type { HttpClient, HttpForm, HttpLimits, HttpPoster } from "../http-client.ts";
import { systemCodeOf } from "./io-error.ts";

/** HTTP and HTTPS of the system, with the authorities that Node trusts. Loaded when it is used. */
export class NodeHttpClient implements HttpClient, HttpPoster {
  getText(url: string, limits: HttpLimits): Promise<string> {
    return ask(url, { method: "GET", headers: {}, body: undefined }, limits);
  }

  postForm(url: string, { body, authorization }: HttpForm, limits: HttpLimits): Promise<string> {
    const headers = {
      "content-type": "application/x-www-form-urlencoded",
      ...(authorization === undefined ? {} : { authorization }),
    };
    return ask(url, { method: "POST", headers, body }, limits);
  }
}

interface Question {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

function ask(url: string, question: Question, limits: HttpLimits): Promise<string> {
  const { request } = process.getBuiltinModule(
    url.startsWith("https:") ? "node:https" : "node:http",
  );
  return new Promise((resolve, reject) => {
    const fail = (systemCode: string, cause?: unknown): void => {
      asked.destroy();
      reject(new NetworkError(`asking ${url} failed: ${systemCode}`, { systemCode, cause }));
    };
    const signal = AbortSignal.timeout(limits.timeoutMs);
    const headers = { accept: "application/json", ...question.headers };
    const asked = request(url, { signal, method: question.method, headers }, (answer) => {
      if (answer.statusCode !== 200) {
        fail(`HTTP_STATUS ${String(answer.statusCode)}`);
        return;
      }
      const parts: Buffer[] = [];
      let sizeBytes = 0;
      answer.on("data", (part: Buffer) => {
        sizeBytes += part.length;
        if (sizeBytes > limits.bytesMax) fail("HTTP_TOO_LARGE");
        else parts.push(part);
      });
      answer.on("end", () => resolve(Buffer.concat(parts).toString("utf8")));
      answer.on("error", (error) => fail(systemCodeOf(error), error));
    });
    asked.on("error", (error) => {
      fail(signal.aborted ? "ETIMEDOUT" : systemCodeOf(error), error);
    });
    asked.end(question.body);
  });
}
