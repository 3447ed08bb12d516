import type { SerdeContext } from "../../src/serdes/serde.ts";

/** Of a record's value in the topic `orders`. */
export const valueContext: SerdeContext = {
  topic: "orders",
  part: "value",
  headers: { last: () => undefined, add: () => undefined },
};
