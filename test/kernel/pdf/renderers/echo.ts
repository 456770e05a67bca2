export async function render(data: { text: string; waitMs?: number }): Promise<Buffer> {
  await new Promise((resolve) => setTimeout(resolve, data.waitMs ?? 0))
  return Buffer.from(`%PDF ${data.text}`)
}
