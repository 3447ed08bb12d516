import type { GroupEvent } from "./group-event.ts";

/** What a group's members have by their own last word. */
export class Roster {
  readonly #held = new Map<string, ReadonlySet<number>>();

  /** Notes what a member said. */
  take(event: GroupEvent): void {
    switch (event.kind) {
      case "assigned":
      case "revoked":
      case "lost":
        this.#held.set(event.member, new Set(event.held));
        return;
      case "gone":
        this.#held.delete(event.member);
        return;
      default:
        return;
    }
  }

  /** Whether a member has something. */
  hasAny(member: string): boolean {
    return (this.#held.get(member)?.size ?? 0) > 0;
  }

  /** What keeps these members from sharing all partitions; undefined when nothing does. */
  disorder(members: readonly string[], partitionCount: number): string | undefined {
    const idle = members.filter((member) => !this.hasAny(member));
    const owners = Array.from({ length: partitionCount }, (_, partition) => {
      return members.filter((member) => this.#held.get(member)?.has(partition) === true);
    });
    const wrong = owners.flatMap((list, partition) => {
      return list.length === 1 ? [] : [`partition ${partition} has [${list.join(", ")}]`];
    });
    if (idle.length === 0 && wrong.length === 0) return undefined;
    return [...wrong, ...idle.map((member) => `${member} has nothing`)].join("; ");
  }
}
