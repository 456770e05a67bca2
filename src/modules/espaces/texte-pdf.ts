import { getDocumentProxy } from 'unpdf'
import { CHARACTERS, PAGES } from './texte-limites.ts'

/**
 * Runs on a PDF thread, never on the main one: the words of a PDF, page after page, until enough is read.
 * @param data.bytes the file.
 * @throws when the file cannot be read (damaged, with a password).
 */
export async function render({ bytes }: { bytes: Uint8Array }): Promise<Buffer> {
  const document = await getDocumentProxy(bytes, { disableFontFace: true, maxImageSize: 0 })
  let text = ''
  for (let number = 1; number <= Math.min(document.numPages, PAGES) && text.length < CHARACTERS; number++) {
    const page = await document.getPage(number)
    const { items } = await page.getTextContent()
    text += items.map((item) => ('str' in item ? item.str + (item.hasEOL ? '\n' : ' ') : '')).join('') + '\n'
    page.cleanup()
  }
  return Buffer.from(text.slice(0, CHARACTERS))
}
