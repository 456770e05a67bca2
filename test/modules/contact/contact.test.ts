import { beforeAll, describe, expect, it } from 'vitest'
import { checkHtml } from '../../support/html.ts'
import { type Portal, startPortal } from '../../support/portal.ts'

let portal: Portal
beforeAll(async () => {
  portal = await startPortal()
})

async function read(organisme: string, login: string): Promise<string> {
  const page = await (await portal.login(organisme, login)).get('/contact')
  expect(page.status).toBe(200)
  expect(checkHtml(page.text)).toEqual([])
  return page.text.replace(/[\u00a0\u202f]/g, ' ')
}

describe('F13, F15: contact', () => {
  it('gives the coordinates of my own organisme', async () => {
    const text = await read('midi', '657')
    for (const fact of [
      'AGA du Midi',
      '8 cours des Micocouliers',
      '04 00 00 00 13',
      'contact@midi.example',
      'Du lundi au vendredi',
    ]) {
      expect(text).toContain(fact)
    }
    expect(text).not.toContain('Estuaire')
  })

  it('names the cabinet that follows my dossier', async () => {
    expect(await read('estuaire', '657')).toContain('Cabinet Vauquelin &amp; Associés')
  })

  it('says who follows it when I have no cabinet', async () => {
    const text = await read('estuaire', '940')
    expect(text).not.toContain('Vauquelin')
    expect(text).toContain('l’équipe de votre OGA suit votre dossier')
  })

  it('leads to the secure transfer those who may send', async () => {
    expect(await read('estuaire', '940')).toContain('<a class="btn btn-primary" href="/transferts">')
    expect(await read('estuaire', 'CNS1')).not.toContain('<a class="btn btn-primary" href="/transferts">')
  })
})
