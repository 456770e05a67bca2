export async function render(): Promise<Buffer> {
  return Buffer.from(JSON.stringify(process.env))
}
