/**
 * Log shipping: a web server writes an access log; a shipper sends its new lines to a topic and
 * keeps its position in the file beside the log, once the broker has them. A line may be sent twice
 * when it is killed in between, and none is lost.
 */
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client, json, notNull } from "@millrace/client";
import { startBroker } from "millrace";

type LogLine = { method: string; path: string; status: number };

const folder = mkdtempSync(join(tmpdir(), "log-shipping-"));
const logFile = join(folder, "access.log");

const server = createServer(({ method, url }, response) => {
  response.statusCode = url === "/lost" ? 404 : 200;
  appendFileSync(logFile, `${method} ${url} ${response.statusCode}\n`);
  response.end();
});
const port = await new Promise<number>((resolve) => {
  server.listen(0, "127.0.0.1", () => {
    const address = server.address();
    resolve(typeof address === "object" && address !== null ? address.port : 0);
  });
});
const visit = async (...paths: string[]): Promise<void> => {
  for (const path of paths) await fetch(`http://127.0.0.1:${port}${path}`);
};

await using broker = await startBroker({ topics: { "access-log": 1 } });
await using client = new Client({ bootstrap: broker.bootstrap });
await using producer = client.producer({ value: json<LogLine>(), compression: "gzip" });

await visit("/", "/about", "/lost");
console.log(`shipped ${await ship()} lines`);
await visit("/", "/lost");
console.log(`shipped ${await ship()} more`);

await using consumer = client.consumer({
  value: notNull(json<LogLine>()),
  offsetReset: "earliest",
});
consumer.assign([{ topic: "access-log", partition: 0 }]);
let lines = 0;
for await (const { offset, value } of consumer) {
  if (value.status === 404) console.log(`line ${offset}: ${value.path} is missing`);
  lines += 1;
  if (lines === 5) break;
}
server.close();
rmSync(folder, { recursive: true });

/** Sends the lines that are complete and new. */
async function ship(): Promise<number> {
  const positionFile = `${logFile}.position`;
  const position = existsSync(positionFile) ? Number(readFileSync(positionFile, "utf8")) : 0;
  const bytes = readFileSync(logFile).subarray(position);
  const end = bytes.lastIndexOf("\n") + 1;
  const complete = bytes.subarray(0, end).toString().split("\n").filter(Boolean);
  for (const line of complete) {
    const [method = "", path = "", status] = line.split(" ");
    const value = { method, path, status: Number(status) };
    await producer.enqueue({ topic: "access-log", value });
  }
  await producer.flush();
  writeFileSync(positionFile, String(position + end));
  return complete.length;
}
