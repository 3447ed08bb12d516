import type { Command } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { version } from "../version.ts";

/** `millrace version`. */
export const versionCommand: Command = {
  help: "Usage: millrace version\n\nPrints the version of Millrace.\n",
  run: (_args, context) => {
    context.print(`${version}\n`);
    return Promise.resolve(exitCodes.ok);
  },
};
