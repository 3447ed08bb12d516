import { argv, exit, stdout } from "node:process";
import { parseArgs } from "node:util";
import { lacking } from "@millrace/conformance/harness";
import { runCopy } from "./copy-run.ts";

const usage = `npm run test:copy -- [--records N] [--seed S]
  --records N  copied in transactions of 750 (100000)
  --seed S     the same disturbances after the same numbers of records`;

const { values } = parseArgs({
  args: argv.slice(2),
  options: {
    records: { type: "string", default: "100000" },
    seed: { type: "string" },
    help: { type: "boolean", default: false },
  },
});

if (values.help) stdout.write(`${usage}\n`);
else exit(await main());

async function main(): Promise<number> {
  const reason = await lacking("go", "java", "kcat");
  if (reason !== false) {
    stdout.write(`cannot run: ${reason}\n`);
    return 2;
  }
  const seed = Number(values.seed ?? Math.floor(Math.random() * 1_000_000));
  const recordCount = Number(values.records);
  stdout.write(`seed ${seed}, ${recordCount} records in transactions of 750\n`);
  try {
    const { counts, failureCount, seconds } = await runCopy({ recordCount, seed });
    const done = Object.entries(counts).map(([name, count]) => `${name} ${count} times`);
    stdout.write(
      `${done.join(", ")}; ${failureCount} copiers gave up; ${seconds} s\n` +
        `${recordCount} records copied once, in order, as two readers of committed records saw\n`,
    );
    return 0;
  } catch (error) {
    stdout.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    return 1;
  }
}
