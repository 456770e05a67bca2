const LONGEST = 120
/** C0, DEL, C1, zero-width and bidi marks, line separators, lone surrogates: nothing that a list would not show. */
const UNSEEN = /[\p{Cc}\p{Cs}\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/gu
const EXTENSION = /\.[a-z0-9]{1,10}$/i

/**
 * The name under which a file is shown and downloaded, from what the browser said. Never a path.
 * At most 120 characters, the extension kept; « document » when nothing is left. Cleaning twice changes nothing.
 */
export function cleanFileName(declared: string): string {
  const last = declared.replace(UNSEEN, '').normalize('NFC').split(/[/\\]/).at(-1) ?? ''
  const name = last.replace(/\s+/g, ' ').replace(/[ .]+$/, '')
  const extension = EXTENSION.exec(name)?.[0] ?? ''
  const stem = name.slice(0, name.length - extension.length).replace(/^[ .]+/, '')
  const room = LONGEST - extension.length
  // By code points, so that no character is cut in two.
  const cut = Array.from(stem).slice(0, room).join('').trimEnd()
  return `${cut || 'document'}${extension}`
}

/** In lower case, without the dot; '' when there is none. Takes a cleaned name. */
export function extensionOf(name: string): string {
  return EXTENSION.exec(name)?.[0].slice(1).toLowerCase() ?? ''
}
