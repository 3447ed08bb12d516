/** Inputs that meet the edges of block formats: lengths, runs, and bytes without any pattern. */
export function sampleTexts(): Buffer[] {
  const noise = Buffer.from(Array.from({ length: 100_000 }, (_, i) => (i * 2654435761) >>> 13));
  const words = Array.from({ length: 20_000 }, (_, i) => `word${(i * i) % 977} `).join("");
  const lengths = [
    0, 1, 3, 4, 5, 11, 12, 13, 15, 16, 17, 63, 64, 65, 66, 67, 68, 300, 65535, 65536,
  ];
  return [
    ...lengths.flatMap((length) => [Buffer.alloc(length, "a"), noise.subarray(0, length)]),
    Buffer.alloc(300_000, "abcdefghijklmnopqrstuvwxyz0123456789"),
    Buffer.from(words),
    noise,
    Buffer.concat([noise.subarray(0, 70_000), noise.subarray(0, 70_000)]),
  ];
}
