import { pacer } from './turn.ts'

const LESS_THAN = 0x3c
const ELEMENT = /^<(!doctype\s+html|html|script|svg|iframe)[\s/>]/i
const LONGEST_ELEMENT = 24

/** Whether web markup hides among the bytes of a PDF or an image, so that a browser could be led to run it. */
export async function holdsMarkup(bytes: Buffer): Promise<boolean> {
  const pace = pacer()
  for (let at = bytes.indexOf(LESS_THAN); at !== -1; at = bytes.indexOf(LESS_THAN, at + 1)) {
    const pause = pace()
    if (pause) await pause
    const letter = (bytes[at + 1] ?? 0) | 0x20
    // ! h s i
    if (letter !== 0x21 && letter !== 0x68 && letter !== 0x73 && letter !== 0x69) continue
    if (ELEMENT.test(bytes.toString('latin1', at, at + LONGEST_ELEMENT))) return true
  }
  return false
}

/** Whether a text begins as a page, a drawing, a script or a document of another kind would. */
export function beginsAsMarkup(head: Buffer): boolean {
  const text = head.toString('latin1').replace(/^(\xef\xbb\xbf)?[\s\0]*/, '')
  return /^(<[a-z!?/%]|%PDF-|%!PS|\{\\rtf|#!)/i.test(text)
}
