import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { renderConfigurationPage } from "@millrace/broker";

// npm run docs:config
const root = dirname(dirname(dirname(import.meta.dirname)));
const path = join(root, "docs", "configuration.md");
writeFileSync(path, renderConfigurationPage());
process.stdout.write(`${path} is written\n`);
