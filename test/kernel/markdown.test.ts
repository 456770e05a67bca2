import { describe, expect, it } from 'vitest'
import { markdown } from '../../src/kernel/markdown.ts'

describe('the Markdown of an organisme', () => {
  it('gives headings under the h1 of the page, lists, bold, italic, links and quotes', () => {
    expect(markdown('# Un\n\n## Deux\n\n- a\n- **b** *c*\n\n> cité')).toBe(
      '<h2>Un</h2>\n<h3>Deux</h3>\n<ul>\n<li>a</li>\n<li><strong>b</strong> <em>c</em></li>\n</ul>\n<blockquote>\n<p>cité</p>\n</blockquote>\n',
    )
  })

  it('begins at h2 whichever heading its author began with', () => {
    expect(markdown('### Un\n\n#### Deux')).toBe('<h2>Un</h2>\n<h3>Deux</h3>\n')
  })

  it.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    'a <b onclick="x()">b</b>',
    '<!-- --><style>*{}</style>',
  ])('shows %s as it was typed', (typed) => {
    expect(markdown(typed)).not.toMatch(/<(?!\/?p>)/)
  })

  it('loads no image: its description stands for it', () => {
    expect(markdown('![un chat](https://ailleurs.example/chat.png)')).toBe('<p>un chat</p>\n')
  })

  it.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'data:text/html,x',
    '//ailleurs.example',
    'vbscript:x',
    'file:///etc/passwd',
  ])('makes no link of %s', (address) => {
    expect(markdown(`[lien](${address})`)).not.toContain('<a')
    expect(markdown(`<${address}>`)).not.toContain('<a')
  })

  it('leaves the syntax of our templates alone', () => {
    expect(markdown('{{ 7*7 }} {% include "x" %}')).toContain('{{ 7*7 }} {% include')
  })
})
