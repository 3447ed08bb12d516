import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { lacking, output, startMillrace } from "@millrace/conformance/harness";

const sources = fileURLToPath(new URL("../go", import.meta.url));

test("a writer whose network is gone does not wait for ever for what it sent", {
  skip: await lacking("go"),
}, async () => {
  await using broker = await startMillrace();
  await output(["go", "test", "-count=1", "-vet=off", "./load"], {
    cwd: sources,
    env: { BOOTSTRAP: broker.bootstrap },
  });
});
