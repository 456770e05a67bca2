import { beforeAll, describe, expect, test } from 'vitest'
import { checkHtml } from '../../support/html.ts'
import { type Portal, startPortal } from '../../support/portal.ts'

let portal: Portal
beforeAll(async () => {
  portal = await startPortal()
})

describe('the home page of an adhérent', () => {
  test('F6, F7, F9, F10, F11, F12: the frames come in the order of the guide', async () => {
    const { text } = await (await portal.login('estuaire', '657')).get('/')
    const frames = [
      'Vos coordonnées',
      'Votre dernière clôture',
      'Votre prochaine clôture',
      'Les actualités',
      'Les formations',
      'Transfert de données',
    ]
    const places = frames.map((frame) => text.search(new RegExp(`<h2[^>]*>(<a[^>]*>)?${frame}<`)))
    expect(places.every((place) => place > 0)).toBe(true)
    expect(places).toEqual([...places].sort((a, b) => a - b))
    expect(checkHtml(text)).toEqual([])
  })

  test('F8: the last clôture offers its three downloads', async () => {
    const { text } = await (await portal.login('estuaire', '657')).get('/')
    const frame = text.slice(text.indexOf('id="derniere-cloture"'), text.indexOf('id="prochaine-cloture"'))
    expect(frame.match(/\/telechargement"/g)).toHaveLength(3)
    for (const title of ['Attestation', 'Compte rendu', 'Dossier de gestion']) expect(frame).toContain(title)
  })

  test('F14: it reminds the reader to log out, and every page leads back to it', async () => {
    const { text } = await (await portal.login('estuaire', '657')).get('/')
    expect(text).toContain('Pensez à vous déconnecter')
    expect(text).toMatch(/<a class="marque" href="\/"/)
  })

  test('F15: it bears the name, the address, the phone, the mail, the site of the organisme and the date of the day', async () => {
    const { text } = await (await portal.login('estuaire', '657')).get('/')
    const plain = text.replace(/[\u00a0\u202f]/g, ' ')
    for (const part of [
      'Organisme Mixte de Gestion Agréé de Libourne',
      '12 quai des Tisserands',
      '05 00 00 00 33',
      'contact@estuaire.example',
      'www.estuaire.example',
    ]) {
      expect(plain).toContain(part)
    }
    expect(text).toMatch(/class="pied-date">(lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche) /)
  })

  test('a newcomer without past exercice is told so in words, and shown the year that runs', async () => {
    const { text } = await (await portal.login('estuaire', '940')).get('/')
    expect(text).not.toContain('Votre dernière clôture')
    expect(text).toContain('Votre prochaine clôture')
    expect(text).not.toContain('/telechargement')
  })

  test('the same number in another organisme is another person', async () => {
    const { text } = await (await portal.login('midi', '657')).get('/')
    expect(text).toContain('SABRAN-TOURVES')
    expect(text).not.toContain('CARRIVEAU')
  })
})
