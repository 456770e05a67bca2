import { expect, it } from 'vitest'
import { checkHtml } from './html.ts'

const page = (main: string) => `<!DOCTYPE html>
<html lang="fr">
  <head><meta charset="utf-8"><title>Accueil</title></head>
  <body>
    <main>   
      <h1>Bienvenue</h1>
      ${main}
    </main>
  </body>
</html>`

const FIELD = `<form method="post" action="/courriers"><label for="0f">Objet</label>
  <input id="0f" name="objet" required="required" /><button type="submit">Envoyer</button></form>`

it('checkHtml has nothing to say about a sound page, however it is spaced', () => {
  expect(checkHtml(page(FIELD))).toEqual([])
})

it.each([
  ['<p id="a">1</p><p id="a">2</p>', 'no-dup-id'],
  ['<input name="nom" type="text">', 'input-missing-label'],
  ['<img src="/logo.svg">', 'wcag/h37'],
  ['<p>Un<div>bloc</div></p>', 'close-order'],
  ['<p style="color: red">Rouge</p>', 'no-inline-style'],
  ['<style>p { color: red }</style>', 'no-style-tag'],
  ['<button>Envoyer</button>', 'no-implicit-button-type'],
])('checkHtml reports %s', (fragment, rule) => {
  expect(checkHtml(page(fragment)).join('\n')).toContain(` ${rule}: `)
})
