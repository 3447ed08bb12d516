import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { find } from "./program.ts";
import { here, userCache } from "./places.ts";

const mavenVersion = "3.9.5";
const mavenTimeoutMs = 10 * 60 * 1000;

/** Where Debian's packages put jars. */
const debianFolder = "/usr/share/java";
const debianJars = ["zookeeper", "zookeeper-jute", "slf4j-api", "slf4j-simple", "metrics-core"];

/** Which ZooKeeper: Maven Central's, or Debian 12's. */
export type ZooKeeperRelease = "3.9" | "3.8";

/** A class path with ZooKeeper's server, or why there is none. */
export type ZooKeeperJars = { readonly classPath: string } | { readonly missing: string };

/**
 * Gives ZooKeeper's server: 3.9 from a folder under ~/.cache/millrace, which Maven fills at the
 * first call, 3.8 from Debian's package libzookeeper-java.
 */
export function zooKeeperJars(release: ZooKeeperRelease): ZooKeeperJars {
  if (find("java") === undefined) return { missing: "java is not installed" };
  return release === "3.8" ? fromDebian() : fromMaven();
}

function fromDebian(): ZooKeeperJars {
  const jars = debianJars.map((name) => join(debianFolder, `${name}.jar`));
  if (!jars.every((jar) => existsSync(jar))) {
    return { missing: "Debian's libzookeeper-java is not installed" };
  }
  return { classPath: jars.join(":") };
}

function fromMaven(): ZooKeeperJars {
  const folder = join(userCache, `zookeeper-${mavenVersion}`);
  const classPath = join(folder, "*");
  const mark = join(folder, ".complete");
  if (existsSync(mark)) return { classPath };
  mkdirSync(folder, { recursive: true });
  process.stderr.write(`Maven copies ZooKeeper ${mavenVersion} to ${folder} …\n`);
  const args = ["-q", "-B", "-f", join(here, "zookeeper.pom.xml")];
  const copy = ["dependency:copy-dependencies", `-DoutputDirectory=${folder}`];
  const maven = spawnSync("mvn", [...args, ...copy], {
    stdio: ["ignore", "ignore", "inherit"],
    timeout: mavenTimeoutMs,
    cwd: dirname(here),
  });
  if (maven.error !== undefined) {
    return { missing: `Maven (mvn) cannot be run: ${maven.error.message}` };
  }
  if (maven.status !== 0) return { missing: "Maven could not download ZooKeeper" };
  writeFileSync(mark, "");
  return { classPath };
}
