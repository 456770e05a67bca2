export async function render(): Promise<Buffer> {
  throw new RangeError('no such day: 2026-02-30')
}
