export async function render(): Promise<Buffer> {
  for (;;); // as a layout that never ends would: only the end of the thread stops it
}
