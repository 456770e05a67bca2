import MarkdownIt from 'markdown-it'

/*
 * The little Markdown that texts typed by an organisme may use: headings, lists, bold, italic, links, quotes.
 * HTML is shown as it was typed, an image as its description: nothing typed becomes markup of its own, and no
 * page of ours loads anything from elsewhere.
 */
const parser = new MarkdownIt('zero', { html: false, linkify: true, breaks: true }).enable([
  'heading',
  'lheading',
  'list',
  'blockquote',
  'hr',
  'emphasis',
  'link',
  'image',
  'autolink',
  'linkify',
  'newline',
  'escape',
])
parser.validateLink = (url) => /^(https?:\/\/|mailto:|tel:|\/(?![/\\]))/i.test(url.trim())
parser.renderer.rules.image = (tokens, index) => parser.utils.escapeHtml(tokens[index]!.content)

// The page has its h1: the highest heading of the text is an h2, whichever mark its author began with.
parser.core.ruler.push('sous_titres', ({ tokens }) => {
  const headings = tokens.filter((token) => token.type === 'heading_open' || token.type === 'heading_close')
  const highest = Math.min(...headings.map((token) => Number(token.tag.slice(1))))
  for (const token of headings) token.tag = `h${Math.min(6, Number(token.tag.slice(1)) - highest + 2)}`
})

/** Safe HTML of a text in Markdown. */
export function markdown(text: string): string {
  return parser.render(text)
}
