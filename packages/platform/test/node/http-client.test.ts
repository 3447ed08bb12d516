import assert from "node:assert/strict";
import { createServer, type RequestListener } from "node:http";
import { test } from "node:test";

import { NodeHttpClient } from "../../src/node/http-client.ts";

const limits = { timeoutMs: 2000, bytesMax: 1000 };

async function withServer(
  answer: RequestListener,
  use: (url: string) => Promise<void>,
): Promise<void> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  try {
    await use(`http://127.0.0.1:${port}/keys`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test("the body of an answer is given as text", async () => {
  await withServer(
    (_, answer) => answer.end("keys"),
    async (url) => assert.equal(await new NodeHttpClient().getText(url, limits), "keys"),
  );
});

// CVE-2025-27817: an address that is allowed must not lead to one that is not.
test("a redirect is not followed", async () => {
  let asked = 0;
  await withServer(
    (_, answer) => {
      asked += 1;
      answer.writeHead(302, { location: "http://169.254.169.254/latest" }).end();
    },
    async (url) => {
      await assert.rejects(new NodeHttpClient().getText(url, limits), {
        code: "NETWORK_ERROR",
        systemCode: "HTTP_STATUS 302",
      });
    },
  );
  assert.equal(asked, 1);
});

test("an answer that is too large, too slow or not there is an error", async () => {
  await withServer(
    (_, answer) => answer.end("x".repeat(1001)),
    (url) =>
      assert.rejects(new NodeHttpClient().getText(url, limits), { systemCode: "HTTP_TOO_LARGE" }),
  );
  await withServer(
    () => {},
    (url) =>
      assert.rejects(new NodeHttpClient().getText(url, { ...limits, timeoutMs: 50 }), {
        systemCode: "ETIMEDOUT",
      }),
  );
  const nobody = "http://127.0.0.1:1/keys";
  await assert.rejects(new NodeHttpClient().getText(nobody, limits), {
    systemCode: "ECONNREFUSED",
  });
});
