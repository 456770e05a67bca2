import { beforeAll, describe, expect, it } from 'vitest'
import { checkHtml } from '../../support/html.ts'
import { type Portal, startPortal } from '../../support/portal.ts'

let portal: Portal
beforeAll(async () => {
  portal = await startPortal()
})

describe('the compulsory pages', () => {
  it.each(['/mentions-legales', '/accessibilite'])(
    '%s is open to everybody, with the data of the organisme',
    async (path) => {
      for (const who of [portal.visitor('midi'), await portal.login('midi', '657')]) {
        const page = await who.get(path)
        expect(page.status).toBe(200)
        expect(page.text).toContain('AGA du Midi')
        expect(page.text).toContain('contact@midi.example')
        expect(page.text).not.toContain('estuaire')
        expect(checkHtml(page.text)).toEqual([])
      }
    },
  )

  it('says who publishes and who hosts; and how to ask when it is not set', async () => {
    const set = (await portal.visitor('estuaire').get('/mentions-legales')).text
    expect(set).toContain('Gaspard Thévenin, directeur')
    expect(set).toContain('Portail de démonstration')
    await portal.owner.query(`update plateforme.organismes set reglages = '{}' where code = 'sillage'`)
    const unset = (await portal.visitor('sillage').get('/mentions-legales')).text
    expect(unset).toContain('Le nom et l’adresse de l’hébergeur vous sont donnés sur demande')
    expect(unset).not.toContain('secret professionnel')
  })
})
