import manifest from "../package.json" with { type: "json" };

/** The version of this package, as `millrace version` prints it. */
export const version: string = manifest.version;
