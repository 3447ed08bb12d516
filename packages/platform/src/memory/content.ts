const pageSizeBytes = 16 * 1024;
const smallestPageSizeBytes = 256;

/**
 * The bytes of a file in pages. A page that was never written takes no memory and reads as zeros;
 * a file of one page takes about as much as it holds.
 */
export class FileContent {
  #pages: (Uint8Array | undefined)[] = [];
  #sizeBytes = 0;
  #occupiedBytes = 0;

  /** The file's size. */
  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** Where the last written byte ends: what the file takes on a disk with sparse files. */
  get occupiedBytes(): number {
    return this.#occupiedBytes;
  }

  /** Reads up to `into.length` bytes; returns how many there were. */
  read(into: Uint8Array, position: number): number {
    const count = Math.max(0, Math.min(into.length, this.#sizeBytes - position));
    let done = 0;
    while (done < count) {
      const start = (position + done) % pageSizeBytes;
      const page = this.#pages[Math.floor((position + done) / pageSizeBytes)];
      const wanted = Math.min(pageSizeBytes - start, count - done);
      const found = page?.subarray(start, start + wanted);
      if (found !== undefined) into.set(found, done);
      // What a short or missing page does not hold is zero.
      into.fill(0, done + (found?.length ?? 0), done + wanted);
      done += wanted;
    }
    return count;
  }

  /** Writes bytes, extending the file where needed; a gap reads as zeros. */
  write(bytes: Uint8Array, position: number): void {
    let done = 0;
    while (done < bytes.length) {
      const start = (position + done) % pageSizeBytes;
      const count = Math.min(pageSizeBytes - start, bytes.length - done);
      const page = this.#pageFor(Math.floor((position + done) / pageSizeBytes), start + count);
      page.set(bytes.subarray(done, done + count), start);
      done += count;
    }
    if (bytes.length === 0) return;
    this.#sizeBytes = Math.max(this.#sizeBytes, position + bytes.length);
    this.#occupiedBytes = Math.max(this.#occupiedBytes, position + bytes.length);
  }

  /** Cuts the file, or extends it with zeros. */
  truncate(sizeBytes: number): void {
    if (sizeBytes < this.#sizeBytes) {
      this.#pages.length = Math.min(this.#pages.length, Math.ceil(sizeBytes / pageSizeBytes));
      const inLastPage = sizeBytes % pageSizeBytes;
      // What is cut off must read as zeros when the file grows again.
      if (inLastPage > 0) this.#pages[Math.floor(sizeBytes / pageSizeBytes)]?.fill(0, inLastPage);
    }
    this.#sizeBytes = sizeBytes;
    this.#occupiedBytes = Math.min(this.#occupiedBytes, sizeBytes);
  }

  /** A copy that changes on its own. */
  clone(): FileContent {
    const copy = new FileContent();
    copy.#pages = this.#pages.map((page) => page?.slice());
    copy.#sizeBytes = this.#sizeBytes;
    copy.#occupiedBytes = this.#occupiedBytes;
    return copy;
  }

  /** All bytes. */
  toBuffer(): Buffer {
    const all = Buffer.allocUnsafe(this.#sizeBytes);
    this.read(all, 0);
    return all;
  }

  #pageFor(index: number, neededBytes: number): Uint8Array {
    const page = this.#pages[index];
    if (page !== undefined && page.length >= neededBytes) return page;
    const grown = new Uint8Array(index === 0 ? sizeForFirstPage(neededBytes) : pageSizeBytes);
    if (page !== undefined) grown.set(page);
    this.#pages[index] = grown;
    return grown;
  }
}

/** The first page doubles, because most files of a broker are small checkpoints. */
function sizeForFirstPage(neededBytes: number): number {
  let size = smallestPageSizeBytes;
  while (size < neededBytes) size *= 2;
  return size;
}
