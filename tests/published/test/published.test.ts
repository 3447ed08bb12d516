import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort, kcatValues, lacking, output } from "@millrace/conformance/harness";

const root = dirname(dirname(dirname(import.meta.dirname)));

/** As a user's shell: without what lets this repository run from its sources. */
const environment = { NODE_OPTIONS: "", npm_config_loglevel: "error" };

describe("the published packages", async () => {
  const lacksKcat = await lacking("kcat");
  let folder = "";
  let app = "";
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "millrace-published-"));
    app = join(folder, "app");
    mkdirSync(app);
    await output([process.execPath, join(root, "tools/build/src/main.ts")]);
    const packages = readdirSync(join(root, "packages")).map((name) =>
      join(root, "packages", name),
    );
    const all = [...packages, ...foreignPackages(packages)];
    // The scripts that a foreign package is made with are not here; what was published of it is.
    const flagsOfPack = ["--silent", "--ignore-scripts", "--pack-destination", folder];
    const pack = ["npm", "pack", ...flagsOfPack, ...all];
    const names = (await output(pack, { env: environment })).toString().trim().split("\n");
    writeFileSync(join(app, "package.json"), '{ "private": true, "type": "module" }');
    const tarballs = names.map((name) => join(folder, name));
    // Everything that is needed is in the tarballs: the test runs without a network too.
    const flags = ["--no-audit", "--no-fund", "--offline"];
    const install = ["npm", "install", ...flags, ...tarballs];
    await output(install, { cwd: app, env: environment, timeoutMs: 120_000 });
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  test("nothing in the installed tree has an install script or needs a compiler", () => {
    const manifests = installedManifests(join(app, "node_modules"));
    assert.ok(manifests.some((path) => path.includes("millrace/package.json")));
    for (const path of manifests) {
      const { scripts = {} } = JSON.parse(readFileSync(path, "utf8")) as {
        scripts?: Record<string, string>;
      };
      for (const name of ["preinstall", "install", "postinstall"]) {
        assert.equal(scripts[name], undefined, `${path}: ${name}`);
      }
      assert.ok(!existsSync(join(dirname(path), "binding.gyp")), path);
    }
  });

  test("no TypeScript source, test or map of sources is published", () => {
    const files = readdirSync(join(app, "node_modules/@millrace/broker"), { recursive: true });
    const stray = files.map(String).filter((name) => /(^|[^d])\.ts$|^test\//.test(name));
    assert.deepEqual(stray, []);
  });

  /** Starts the installed command; it is stopped, and must end well, when the block ends. */
  const startInstalled = async (...overrides: readonly string[]) => {
    const port = await freePort();
    const bootstrap = `127.0.0.1:${port}`;
    const given = [`listeners=PLAINTEXT://${bootstrap}`, "millrace.http.port=-1", ...overrides];
    const words = given.flatMap((pair) => ["--override", pair]);
    const child = spawn(process.execPath, ["node_modules/.bin/millrace", "start", ...words], {
      cwd: app,
      env: { ...process.env, ...environment },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const ended = new Promise((resolve) => child.once("exit", resolve));
    await new Promise<void>((resolve, reject) => {
      child.once("exit", (code) => reject(new Error(`it ended with ${code}`)));
      child.stdout.on("data", (chunk: Buffer) => {
        if (chunk.includes("is ready after")) resolve();
      });
    });
    const stop = async (): Promise<void> => {
      child.kill("SIGTERM");
      assert.equal(await ended, 0);
    };
    return { bootstrap, [Symbol.asyncDispose]: stop };
  };

  test("npx millrace start serves kcat, and ends well when asked", {
    skip: lacksKcat,
  }, async () => {
    await using broker = await startInstalled();
    const { bootstrap } = broker;
    await output(["kcat", "-b", bootstrap, "-t", "greetings", "-P"], { input: "hello\n" });
    assert.deepEqual(await kcatValues(bootstrap, "greetings"), ["hello"]);
    assert.ok(existsSync(join(app, "millrace-data/greetings-0/00000000000000000000.log")));
  });

  test("the installed command writes and reads, and finds what it loads only then", async () => {
    await using broker = await startInstalled("log.dirs=commands");
    const run = async (...words: readonly string[]): Promise<string> => {
      const line = ["npx", "millrace", ...words, "-b", broker.bootstrap];
      return (await output(line, { cwd: app, env: environment })).toString();
    };
    await run("produce", "sales", "-v", '{"total":12}', "-v", '{"total":3}');
    const read = ["consume", "sales", "-e"];
    assert.equal(await run(...read, "--filter", "value.total > 10"), '{"total":12}\n');
    assert.equal(await run(...read, "--jq", ".value.total"), "12\n3\n");
    assert.match(await run(...read, "--csv"), /^sales,0,1,\d+,,"\{""total"":3\}",$/m);
    assert.match(await run("topic", "list", "-o", "yaml"), /^- name: sales$/m);
    writeFileSync(join(app, "sales.csv"), "key,value\na,1\n");
    await run("produce", "sales", "--csv", "sales.csv");
    assert.equal(await run("consume", "sales", "-o", "-1:end", "-k"), "a\t1\n");
  });

  test("the bundle's worker thread compacts a topic", { skip: lacksKcat }, async () => {
    await using broker = await startInstalled(
      "log.dirs=compacted",
      "log.cleanup.policy=compact",
      "log.segment.bytes=1048576",
      "log.cleaner.backoff.ms=100",
      "log.cleaner.min.cleanable.ratio=0.01",
    );
    const { bootstrap } = broker;
    const count = 4000;
    const filler = "x".repeat(1000);
    const input = Array.from({ length: count }, (_, index) => `key:${index} ${filler}\n`).join("");
    await output(["kcat", "-b", bootstrap, "-t", "states", "-P", "-K:"], { input });
    let values = await kcatValues(bootstrap, "states");
    for (let tries = 0; values.length === count && tries < 100; tries += 1) {
      await sleep(100);
      values = await kcatValues(bootstrap, "states");
    }
    assert.ok(values.length < count, "nothing was compacted");
    assert.equal(values.at(-1), `${count - 1} ${filler}`);
  });

  test("a program embeds a broker with one import", async () => {
    const script = `
      import { startBroker } from "millrace";
      await using broker = await startBroker({ topics: { orders: 3 } });
      console.log(broker.bootstrap);
    `;
    writeFileSync(join(app, "embed.js"), script);
    const text = await output([process.execPath, "embed.js"], { cwd: app, env: environment });
    assert.match(text.toString(), /^127\.0\.0\.1:\d+$/m);
  });

  test("the types are complete for a strict compiler", async () => {
    const script = `
      import { startBroker, type EmbeddedBroker } from "millrace";
      export const broker: EmbeddedBroker = await startBroker({ topics: { orders: 3 } });
    `;
    writeFileSync(join(app, "types.ts"), script);
    const compilerOptions = {
      module: "nodenext",
      target: "es2024",
      lib: ["es2024", "esnext.disposable"],
      strict: true,
      noEmit: true,
      skipLibCheck: false,
      types: ["node"],
      typeRoots: [join(root, "node_modules/@types")],
    };
    const config = { compilerOptions, files: ["types.ts"] };
    writeFileSync(join(app, "tsconfig.json"), JSON.stringify(config));
    const tsc = join(root, "node_modules/typescript/bin/tsc");
    await output([process.execPath, tsc, "-p", "."], { cwd: app, env: environment });
  });
});

/** Every package.json of an installed package, nested ones included. */
function installedManifests(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /(^|node_modules\/)(@[^/]+\/)?[^/@.][^/]*\/package\.json$/.test(name))
    .map((name) => join(folder, name));
}

/** Folders of the foreign packages that packages need at run time, in what is installed here. */
function foreignPackages(folders: readonly string[]): readonly string[] {
  const found = new Set<string>();
  const waiting = [...folders];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
      dependencies?: Record<string, string>;
      optionalDependencies?: Record<string, string>;
    };
    for (const name of Object.keys({
      ...manifest.dependencies,
      ...manifest.optionalDependencies,
    })) {
      const installed = join(root, "node_modules", name);
      const isOurs = name === "millrace" || name.startsWith("@millrace/");
      // Binaries of other platforms are not installed.
      if (isOurs || found.has(installed) || !existsSync(installed)) continue;
      found.add(installed);
      waiting.push(installed);
    }
  }
  return [...found];
}
