import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Letterhead, renderMail } from '../../../src/kernel/mail/render.ts'
import { type Template, templates } from '../../../src/kernel/mail/templates.ts'
import { contrast } from '../../../src/kernel/theme.ts'
import { createViews } from '../../../src/kernel/views.ts'
import { VIEWS_DIR } from '../../../src/start.ts'

const views = createViews({ viewsDir: VIEWS_DIR })
const organisme: Letterhead = {
  nom: 'Cabinet « Aux <Trois> Rives » & Cie',
  sigle: 'Trois Rives',
  forme: 'Organisme Mixte de Gestion Agréé',
  adresse: ['12 quai des Tisserands', '33500 LIBOURNE'],
  telephone: '05 00 00 00 33',
  courriel: 'contact@rives.example',
  couleur: '#ffd400',
}
const names = Object.keys(templates) as Template[]

function render(template: Template, data: Record<string, unknown> = {}, couleur = organisme.couleur) {
  return renderMail(views, template, {
    organisme: { ...organisme, couleur },
    data: { lien: '/mot-de-passe/abc?x=1&y=2', resultat: 'acceptee', ...data },
    origin: 'https://rives.example',
  })
}

describe('mail: the texts', () => {
  test('every file of views/mails is a template that may be sent, and the other way round', () => {
    const files = readdirSync(join(VIEWS_DIR, 'mails')).filter((name) => name.endsWith('.njk'))
    expect(files.map((name) => name.replace('.njk', '')).sort()).toEqual([...names].sort())
  })

  test.each(names)(
    '%s says the same in HTML and in plain text, with one button and the letterhead',
    (name) => {
      const { subject, html, text } = render(name)
      expect(subject).not.toBe('')
      expect(subject).not.toMatch(/[\r\n<&]/)
      expect(subject.length).toBeLessThan(70)
      const address = 'https://rives.example/mot-de-passe/abc?x=1&y=2'
      expect(text).toContain(address)
      expect(html).toContain(`<title>${subject}</title>`)
      expect(html.split(`href="${address.replace('&', '&amp;')}"`)).toHaveLength(3)
      expect(html).toContain('Cabinet « Aux &lt;Trois&gt; Rives » &amp; Cie')
      expect(text).toContain('Cabinet « Aux <Trois> Rives » & Cie')
      expect(text).toMatch(/05\s00\s00\s00\s33/)
      expect(text).not.toMatch(/<\/?p|<br|&amp;|&lt;|\n{3}/)
      const body = /Bonjour,[\s\S]*?<\/td>/.exec(html)?.[0].match(/<p>/g) ?? []
      expect(body.length).toBeLessThanOrEqual(4)
      for (const sentence of html.matchAll(/<p>([^<]{20,})<\/p>/g)) expect(text).toContain(sentence[1])
    },
  )

  test.each(['#ffd400', '#808080', '#1f5c7a', '#ffffff', '#000000'])(
    'the button of an organisme in %s can be read',
    (colour) => {
      const { html } = render('activation', {}, colour)
      const fill = /bgcolor="(#[0-9a-f]{6})" style="background-color:#[0-9a-f]{6};border-radius/.exec(
        html,
      )?.[1]
      const text = /padding:12px 24px;color:(#[0-9a-f]{6})/.exec(html)?.[1]
      expect(contrast(fill!, text!)).toBeGreaterThanOrEqual(4.5)
    },
  )

  test('an update says that it was accepted or refused, and nothing of what it was', () => {
    expect(render('mise-a-jour-traitee').text).toContain('a été acceptée')
    expect(render('mise-a-jour-traitee', { resultat: 'refusee' }).text).toContain('n’a pas été retenue')
  })
})
