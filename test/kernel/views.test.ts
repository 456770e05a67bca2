import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { filesUnder, sources, usedIcons } from '../../scripts/build-assets.ts'
import { classNames, wordsOf } from '../../scripts/tabler.ts'
import { createViews, lien } from '../../src/kernel/views.ts'
import { checkHtml } from '../support/html.ts'
import { HOSTILE, REFUSED, sample } from './views/sample.ts'

const REBUILD = 'run: node --import tsx scripts/build-assets.ts'
const files = filesUnder('views', ['.njk'])
const views = createViews({ viewsDir: ['views', 'test/kernel/views'] })
const render = (changes: Record<string, unknown> = {}, name = 'page', texte = 'l’été') =>
  views.render(name, sample(texte, changes))
/** The element that begins so, up to its closing bracket. */
const tag = (html: string, begins: string) => {
  const found = new RegExp(`<[^<>]*${begins.replace(/[[\]?()]/g, '\\$&')}[^<>]*>`).exec(html)
  if (!found) throw new Error(`no element with ${begins}`)
  return found[0]
}

describe('all views', () => {
  it('compile', () => {
    expect(files.length).toBeGreaterThan(20)
    createViews({ viewsDir: 'views' }).compile(files.map((file) => file.slice('views/'.length)))
  })

  it.each(files)('%s has no inline script, style or handler, and never steps out of escaping', (file) => {
    const text = readFileSync(file, 'utf8').replace(/\{#[\s\S]*?#\}/g, '')
    expect(text.match(/\|\s*safe\b|\{%-?\s*autoescape|\.SafeString/g)).toBeNull()
    // Mails have no other style than inline: mail programs drop sheets.
    if (!file.startsWith('views/mails/')) expect(text.match(/\sstyle\s*=|<style\b/gi)).toBeNull()
    expect(text.match(/<[^<>]*\son[a-z]+\s*=\s*["'{]/gi)).toBeNull()
    expect(text.match(/<script\b(?![^>]*\ssrc=)/gi)).toBeNull()
    expect(text.match(/javascript:/gi)).toBeNull()
  })

  it('are the only templates: text is never rendered as one', () => {
    const guilty = filesUnder('src', ['.ts']).filter((file) =>
      readFileSync(file, 'utf8').includes('renderString'),
    )
    expect(guilty).toEqual([])
  })

  it('use icons that the sprite has', () => {
    const sprite = readFileSync('public/icones.svg', 'utf8')
    const { views: text, code } = sources()
    const missing = [...usedIcons(text), ...usedIcons(code)].filter(
      (name) => !sprite.includes(`<symbol id="${name}"`),
    )
    expect(missing, REBUILD).toEqual([])
  })

  it('use no class of Tabler that was cut away', () => {
    const tabler = readFileSync(
      createRequire(import.meta.url).resolve('@tabler/core/dist/css/tabler.min.css'),
      'utf8',
    )
    const kept = classNames(readFileSync('public/css/tabler.css', 'utf8'))
    const known = classNames(tabler)
    const written = sources().views.matchAll(/class="([^"]*)"/g)
    const used = new Set([...written].flatMap((match) => [...wordsOf(match[1] ?? '')]))
    const missing = [...used].filter((name) => known.has(name) && !kept.has(name))
    expect(missing, REBUILD).toEqual([])
  })
})

describe('every page', () => {
  it('escapes what people typed, wherever it stands', () => {
    const values = { siret: HOSTILE, precisions: HOSTILE, mel: HOSTILE, annee: HOSTILE, statut: HOSTILE }
    const errors = { resume: HOSTILE, champs: [{ champ: 'siret', message: HOSTILE }] }
    for (const changes of [{}, REFUSED, { errors, values }, { lignes: [] }]) {
      const html = render(changes, 'page', HOSTILE)
      expect(html).toContain('&lt;img src=x onerror=&quot;alert(1)&quot;&gt; &amp; &#39;l’été&#39;')
      expect(html).not.toContain('<img src=x')
      expect(html).not.toContain('</textarea><script>')
      expect(html).not.toContain('&amp;lt;')
      expect(html.match(/<script/g)?.length).toBe(2)
    }
    expect(render({}, 'visiteur', HOSTILE)).not.toContain('<img src=x')
  })

  it('is sound HTML, with errors, without, empty, for a visitor, and without an organisme', () => {
    for (const html of [
      render(),
      render(REFUSED),
      render({ lignes: [], breadcrumb: undefined, notice: undefined }),
      render({ user: null }, 'visiteur'),
      views.render('nu', { requestId: 'abc' }),
    ]) {
      expect(checkHtml(html)).toEqual([])
    }
  })

  it('speaks French, has its landmarks, one h1, a link to skip the menu, and a title that begins with the h1', () => {
    const html = render({}, 'page', 'A & B')
    expect(html).toContain('<html lang="fr">')
    expect(html.match(/<h1>/g)).toHaveLength(1)
    expect(html).toContain('<h1>Tout A &amp; B</h1>')
    expect(html).toContain('<title>Tout A &amp; B – OMG</title>')
    for (const landmark of ['<header', '<nav id="menu"', '<main id="contenu"', '<footer'])
      expect(html).toContain(landmark)
    expect(html.indexOf('href="#contenu"')).toBeLessThan(html.indexOf('<header'))
    expect(render(REFUSED, 'page', 'X')).toContain('<title>Erreur\u00a0: Tout X')
  })

  it('shows who I am, for whom I act, and how to leave, by a form with its token', () => {
    const html = render({
      user: { nom: 'Anne Roux', role: 'cabinet', libelleRole: 'cabinet', pour: 'CNS 1' },
    })
    expect(html).toContain('Anne Roux')
    expect(html).toContain('pour <strong>CNS 1</strong>')
    expect(html).toMatch(
      /<form method="post" action="\/deconnexion"><input type="hidden" name="_csrf" value="jeton-1">/,
    )
  })

  it('marks the current entry of the menu, unfolds its children, and says what waits', () => {
    const html = render()
    expect(tag(html, 'href="/dossiers/clients" aria')).toContain('aria-current="page"')
    expect(html).toMatch(/<details class="menu-enfants" open>/)
    expect(html).toContain('1\u202f234<span class="visually-hidden"> en attente</span>')
  })

  it('has the coordinates of the organisme, the compulsory pages and the date of the day', () => {
    const html = render()
    expect(html).toContain('href="tel:+33557000000">05\u00a057\u00a000\u00a000\u00a000</a>')
    expect(html).toContain('href="/mentions-legales"')
    expect(html).toContain('href="/accessibilite"')
    expect(html).toContain('dimanche 22\u00a0novembre 2026')
  })

  it.each(['400', '403', '404', '405', '413', '421', '422', '429', '500', '503'])(
    'error %s says what happened, what was kept, what to do, with its number, to whoever it is',
    (status) => {
      const message = ['421', '500', '503'].includes(status) ? undefined : 'Attendez <10> minutes'
      for (const user of [null, { nom: 'Anne', role: 'cabinet', libelleRole: 'cabinet', pour: null }]) {
        const html = views.render(`erreurs/${status}`, sample('x', { user, message, breadcrumb: undefined }))
        expect(checkHtml(html)).toEqual([])
        expect(html).toContain('00000000-0000-4000-8000-000000000000')
        expect(html.match(/<p>/g)!.length).toBeGreaterThanOrEqual(2)
        if (message) expect(html).toContain('Attendez &lt;10&gt; minutes')
      }
      expect(checkHtml(views.render(`erreurs/${status}`, { requestId: 'n-1', message: null }))).toEqual([])
    },
  )
})

describe('fields', () => {
  it('tie label, hint and error to the input, with what was typed', () => {
    const html = render(REFUSED)
    expect(html).toContain('<label class="form-label" for="champ-siret">')
    const input = tag(html, 'id="champ-siret"')
    expect(input).toContain('value="123 &quot;456&quot;"')
    expect(input).toContain('aria-describedby="champ-siret-aide champ-siret-erreur"')
    expect(input).toContain('aria-invalid="true"')
    expect(html.indexOf('id="champ-siret-aide"')).toBeLessThan(html.indexOf('id="champ-siret"'))
    expect(tag(render(), 'id="champ-siret"')).not.toContain('aria-invalid')
  })

  it('say in words which ones are optional, and never fill a password again', () => {
    const html = render({ ...REFUSED, values: { ...REFUSED.values, secret: 'ne-pas-rendre' } })
    expect(html).toContain('Courriel <span class="facultatif">(facultatif)</span>')
    expect(tag(html, 'id="champ-mel"')).not.toContain('required')
    expect(tag(html, 'id="champ-siret"')).toContain('required')
    expect(tag(html, 'id="champ-secret"')).toContain('autocomplete="new-password"')
    expect(html).not.toContain('ne-pas-rendre')
  })

  it('keep an emptied field empty instead of its first value', () => {
    expect(tag(render(), 'id="champ-mel"')).toContain('value="l’été"')
    expect(tag(render(REFUSED), 'id="champ-mel"')).toContain('value=""')
  })

  it('keep choices: one, several, a single box sent as text, and none by accident', () => {
    const typed = render(REFUSED)
    expect(tag(typed, 'value="cabinet"')).toContain('checked')
    expect(tag(typed, 'value="adherent"')).not.toContain('checked')
    expect(tag(typed, 'value="b"')).toContain('checked')
    expect(tag(typed, 'option value="2024"')).toContain('selected')
    expect(tag(render({ values: { interets: 'a' } }), 'value="a"')).toContain('checked')
    expect(render()).not.toMatch(/\schecked/)
  })

  it('lead from the summary to each faulty field', () => {
    const html = render(REFUSED)
    expect(html).toContain('Le formulaire contient 6 erreurs')
    for (const { champ, message } of REFUSED.errors.champs) {
      expect(html).toContain(`<a href="#champ-${champ}">${message}</a>`)
      expect(html.match(new RegExp(`id="champ-${champ}"`, 'g')), champ).toHaveLength(1)
    }
    expect(tag(html, 'data-focus')).toContain('tabindex="-1"')
    expect(render()).not.toContain('data-focus')
  })

  it('tell the limits of a file in words, and give them to upload.js', () => {
    const html = render()
    expect(html).toContain('Formats acceptés\u00a0: pdf, png. Chaque fichier pèse 5\u00a0Mo au plus.')
    expect(tag(html, 'id="champ-fichier"')).toMatch(
      /accept="\.pdf,\.png" data-extensions="pdf,png" data-taille-max="5242880"/,
    )
  })
})

describe('lists', () => {
  it('sort by links that keep the filters and go back to the first page', () => {
    const html = render()
    expect(html).toContain('href="/dossiers/clients?q=a+b%26c&amp;tri=date&amp;sens=desc"')
    expect(html).toContain('href="/dossiers/clients?q=a+b%26c&amp;tri=nom&amp;sens=desc"')
    expect(tag(html, 'aria-sort')).toContain('aria-sort="ascending"')
    expect(html.match(/aria-sort/g)).toHaveLength(1)
    expect(tag(html, 'tri-actuel')).toContain('tri=nom')
  })

  it('filter by links, the current one marked', () => {
    const html = render()
    expect(html).toContain('href="/dossiers/clients?q=a+b%26c&amp;tri=nom&amp;sens=asc&amp;etat=a%26b"')
    expect(html).toContain(
      'href="/dossiers/clients?q=a+b%26c&amp;tri=nom&amp;sens=asc" aria-current="true">Tous',
    )
  })

  it('say where the page is, and « plus de 1 000 » when the count was capped', () => {
    const html = render()
    expect(html).toContain('1 à 50 sur 1\u202f234')
    expect(html).toContain('51 à 100 sur plus de 1\u202f000')
    expect(html).toContain('Aucun résultat')
    expect(tag(html, 'rel="next"')).toContain('href="/l?apres=x"')
  })

  it('say unread, to answer and late in words, with the weekday in the tooltip', () => {
    const html = render()
    expect(html).toContain('<span class="marque-non-lu">non lu</span>')
    expect(html).toContain('title="dans 3\u00a0jours, le mercredi 25\u00a0novembre"')
    expect(html).toContain('</strong> à répondre avant le 25/11/2026')
    expect(html).toContain('class="marque-repondre en-retard"')
    expect(html).toContain(
      '<time datetime="2026-11-01" title="dimanche 1er\u00a0novembre 2026">01/11/2026</time>',
    )
  })

  it('say zero in words', () => {
    expect(render()).toContain('<span class="tuile-zero">Aucun nouveau courrier adhérent</span>')
    expect(render({ lignes: [] })).toContain('class="vide-phrase"')
  })

  it('never offer a file in which a virus was found', () => {
    const html = render()
    expect(html).toContain('Virus détecté')
    expect(html).not.toContain('/f/3')
    expect(html).not.toContain('/p/3')
    expect(html).toContain('href="/f/4"')
  })

  it('build addresses from fields: null takes one out, the others are encoded', () => {
    expect(lien('/l', { a: 1, b: 'x y' }, { a: null, c: 'é&' })).toBe('/l?b=x+y&c=%C3%A9%26')
    expect(lien('/l', { a: '' })).toBe('/l')
  })
})

describe('the environment', () => {
  it('compiles a template once and keeps it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'parvis-views-'))
    try {
      writeFileSync(join(folder, 'a.njk'), 'un {{ x }}')
      const kept = createViews({ viewsDir: folder })
      expect(kept.render('a', { x: '<' })).toBe('un &lt;')
      writeFileSync(join(folder, 'a.njk'), 'deux')
      expect(kept.render('a', { x: 1 })).toBe('un 1')
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('throws on a missing template, a missing filter and a wrong icon, rather than print half a page', () => {
    const folder = mkdtempSync(join(tmpdir(), 'parvis-views-'))
    try {
      writeFileSync(join(folder, 'a.njk'), '{{ x | filtreAbsent }}')
      writeFileSync(join(folder, 'b.njk'), '{{ icone(x) }}')
      const some = createViews({ viewsDir: folder })
      expect(() => some.render('absent', {})).toThrow('absent')
      expect(() => some.render('a', {})).toThrow('filtreAbsent')
      expect(() => some.render('b', { x: '"><script>' })).toThrow('icon')
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
