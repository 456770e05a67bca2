export async function render({ how }: { how: 'exit' | 'memory' }): Promise<Buffer> {
  if (how === 'exit') process.exit(3)
  const kept: number[][] = []
  for (;;) kept.push(Array.from({ length: 100_000 }, (_, i) => i))
}
