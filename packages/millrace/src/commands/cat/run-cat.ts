import type { Cli } from "../../tree/cli.ts";
import { UsageError } from "../../usage-error.ts";
import type { CatValues } from "./cat-values.ts";

/** Does what kcat does in the mode that the flags choose. */
export async function runCat(cli: Cli, names: readonly string[], values: CatValues): Promise<void> {
  cli.settle({
    bootstrap: values.b,
    commandConfig: values.F,
    // Those of the consumer and the producer are read where they hold.
    property: values.X?.filter((one) => !/^(?:topic\.|auto\.offset\.reset=)/u.test(one)),
    timeout: values.m === undefined ? undefined : values.m * 1000,
    quiet: values.q,
  });
  const modes = [values.C, values.P, values.L, values.Q, values.G];
  if (modes.filter((one) => one !== undefined).length > 1) {
    throw new UsageError("cat: choose one of -C, -P, -L, -Q, -G");
  }
  if (values.L === true) return (await import("./list-metadata.ts")).listMetadata(cli, values);
  if (values.Q === true) return (await import("./query-offsets.ts")).queryOffsets(cli, values);
  if (values.G !== undefined) {
    const { catGroup } = await import("./cat-consume.ts");
    return catGroup(cli, values.G, names, values);
  }
  const topic = values.t?.[0];
  if (topic === undefined) throw new UsageError("cat: -t <topic> is missing");
  // As kcat: who pipes something in wants to produce it.
  const isProducing =
    values.P === true || (values.C !== true && !cli.context.terminal.isInputTerminal);
  if (values.C !== true && values.P !== true) {
    cli.note(`% Auto-selecting ${isProducing ? "Producer" : "Consumer"} mode (use -P or -C)`);
  }
  if (isProducing) {
    const { catProduce } = await import("./cat-produce.ts");
    return catProduce(cli, topic, names, values);
  }
  const { catPartitions } = await import("./cat-consume.ts");
  return catPartitions(cli, topic, values);
}
