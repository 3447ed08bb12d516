import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { runTranscript } from "./transcript/transcript.ts";

// `node --test --test-update-snapshots packages/coordinators/test/transcripts.test.ts` writes the
// transcripts anew from their commands: read what changed before you commit it.
const folder = new URL("scenarios/", import.meta.url);

for (const file of readdirSync(folder)) {
  test(`${file.replace(".txt", "").replaceAll("-", " ")} goes as written down`, async (context) => {
    const path = fileURLToPath(new URL(file, folder));
    const actual = await runTranscript(readFileSync(path, "utf8"));
    context.assert.fileSnapshot(actual, path, { serializers: [String] });
  });
}
