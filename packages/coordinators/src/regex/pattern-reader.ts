import { RegexRefusal } from "./syntax-tree.ts";

/** A pattern's characters, one after the other. */
export class PatternReader {
  readonly #characters: readonly string[];
  #position = 0;

  constructor(pattern: string) {
    this.#characters = Array.from(pattern);
  }

  get isAtEnd(): boolean {
    return this.#position >= this.#characters.length;
  }

  get position(): number {
    return this.#position;
  }

  /** Goes back to where it was. */
  reset(position: number): void {
    this.#position = position;
  }

  /** The next character, or one beyond it; empty at the end. */
  peek(ahead = 0): string {
    return this.#characters[this.#position + ahead] ?? "";
  }

  /** Takes the next character. @throws RegexRefusal at the end. */
  take(): string {
    const character = this.#characters[this.#position];
    if (character === undefined) throw new RegexRefusal("it ends too early");
    this.#position++;
    return character;
  }

  /** Takes this text if it comes next. */
  accept(text: string): boolean {
    const characters = Array.from(text);
    if (characters.some((character, index) => this.peek(index) !== character)) return false;
    this.#position += characters.length;
    return true;
  }

  /** Takes all up to a text, and that text; undefined when it does not come. */
  takeUntil(text: string): string | undefined {
    const start = this.#position;
    let taken = "";
    while (!this.isAtEnd) {
      if (this.accept(text)) return taken;
      taken += this.take();
    }
    this.#position = start;
    return undefined;
  }

  /** Takes digits; undefined when there is none. */
  takeNumber(): number | undefined {
    let digits = "";
    while (this.peek() >= "0" && this.peek() <= "9") digits += this.take();
    return digits === "" ? undefined : Number(digits);
  }
}
