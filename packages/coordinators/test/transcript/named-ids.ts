import type { Random } from "@millrace/platform";
import { SimRandom } from "@millrace/platform/sim";
import type { Uuid } from "@millrace/protocol";

const MEMBER_ID_SIZE_BYTES = 16;

/** Member ids and topic ids that are named in a transcript: m1, m2 … and <topic>. */
export class NamedIds {
  readonly random: Random;
  readonly #topics = new Map<Uuid, string>();
  /** The fresh part of each member id, and the whole of it once it has been seen in an answer. */
  readonly #members: { readonly fresh: string; whole: string }[] = [];

  constructor() {
    const random = new SimRandom(1);
    this.random = {
      nextInt: (end) => random.nextInt(end),
      nextFloat: () => random.nextFloat(),
      bytes: (size) => {
        const drawn = random.bytes(size);
        const fresh = Buffer.from(drawn).toString("base64url");
        if (size === MEMBER_ID_SIZE_BYTES) this.#members.push({ fresh, whole: fresh });
        return drawn;
      },
    };
  }

  /** The id of a topic: always the same for a name. */
  topicId(name: string): Uuid {
    const id = Buffer.from(name.padEnd(16, "-").slice(0, 16)).toString("base64url") as Uuid;
    this.#topics.set(id, `<${name}>`);
    return id;
  }

  /** A text with names in place of ids. */
  name(text: string): string {
    let named = text;
    for (const [id, name] of this.#topics) named = named.replaceAll(id, name);
    for (const [index, member] of this.#members.entries()) {
      const whole = new RegExp(`(?:[a-z0-9]+-)?${member.fresh}`).exec(named)?.[0];
      if (whole === undefined) continue;
      member.whole = whole;
      named = named.replaceAll(whole, `m${index + 1}`);
    }
    return named;
  }

  /** The id of a member's name; a name that is none stands for itself. */
  member(name: string): string {
    const index = /^m(\d+)$/.exec(name)?.[1];
    return index === undefined ? name : (this.#members[Number(index) - 1]?.whole ?? name);
  }
}
