import { beforeAll, describe, expect, it } from 'vitest'
import { checkHtml } from '../../support/html.ts'
import { type Portal, type Visitor, startPortal } from '../../support/portal.ts'

let portal: Portal
let cabinet: Visitor

beforeAll(async () => {
  portal = await startPortal()
  cabinet = await portal.login('estuaire', 'CNS1')
})

const tile = (text: string, url: string) => {
  const html =
    new RegExp(`<a class="tuile[^"]*" href="${url.replace('?', '\\?')}">(.*?)</a>`, 's').exec(text)?.[1] ?? ''
  return { html, n: Number(/tuile-compte">(\d+)</.exec(html)?.[1] ?? 0) }
}

describe('the home of a cabinet', () => {
  it('F17, F18: has the tiles and the menu of the guide', async () => {
    const { text } = await cabinet.get('/')
    expect(checkHtml(text)).toEqual([])
    for (const url of [
      '/cabinet',
      '/courriers?pour=adherent',
      '/courriers?pour=cabinet',
      '/clients',
      '/supervision/validations',
    ])
      expect(tile(text, url).html, url).not.toBe('')
    for (const label of [
      'Votre compte',
      'Dossiers clients',
      'Gestion de vos clients',
      'Nouveaux courriers',
      'Liste des clients',
      'Formations',
      'Dialogue OGA',
      'Votre courrier',
      'Nous contacter',
      'Supervision',
    ])
      // prettier-ignore
      expect(text).toContain(`<span class="menu-libelle">${label}</span>`)
  })

  it('F18 to F20: every count equals the list that it leads to', async () => {
    const { text } = await cabinet.get('/')
    expect(tile(text, '/clients').n).toBe(12)
    const requests = (await cabinet.get('/cabinet')).text.match(/Retirer la demande/g)?.length ?? 0
    expect(tile(text, '/cabinet').n).toBe(requests)
    for (const pour of ['adherent', 'cabinet']) {
      const url = `/courriers?pour=${pour}`
      const list = (await cabinet.get(url)).text
      const listed = list.match(/<td class="titre/g)?.length ?? 0
      expect(tile(text, url).n, url).toBe(listed)
    }
    const queue = (await cabinet.get('/supervision/validations')).text
    const links = new Set(
      [...queue.matchAll(/href="(\/supervision\/validations\/[0-9a-f-]{36})"/g)].map((m) => m[1]),
    )
    expect(tile(text, '/supervision/validations').n).toBe(links.size)
  })

  it('F19, F20: a zero is said in the words of the guide', async () => {
    await portal.owner.query(
      `update courriers set archive_cabinet_le = now() where organisme_id = (select id from plateforme.organismes where code = 'midi')`,
    )
    const { text } = await (await portal.login('midi', 'CNS1')).get('/')
    for (const sentence of [
      'Aucun nouveau courrier adhérent',
      'Aucun nouveau courrier cabinet',
      'Aucune réponse collaborateurs à valider',
    ])
      expect(text).toContain(sentence)
  })

  it('F20: a collaborateur has no tile of validations', async () => {
    const { text } = await (await portal.login('estuaire', 'COL14')).get('/')
    expect(text).not.toContain('collaborateurs à valider')
    expect(tile(text, '/clients').n).toBe(5)
  })

  it('an établissement of an éditeur has a home without clients', async () => {
    const { status, text } = await (await portal.login('sillage', 'admin@rocheval.example')).get('/')
    expect(status).toBe(200)
    expect(text).not.toContain('Gestion de vos clients')
  })
})

describe('À faire', () => {
  it('stands on the menu of every page with the number of its list, the most urgent first', async () => {
    await portal.owner.query(
      `with c as (
         insert into courriers (organisme_id, adherent_id, structure_id, destinataire, genre, objet, a_repondre_avant,
           numero, publie_le)
         select a.organisme_id, a.id, a.structure_id, 'cabinet', 'demande_pieces', 'Urgence ' || n, current_date + n,
           'TEST-' || n, now()
         from adherents a join plateforme.organismes o on o.id = a.organisme_id, generate_series(-1, 1) n
         where o.code = 'estuaire' and a.numero = '657' returning 1)
       select count(*) from c`,
    )
    const { text } = await cabinet.get('/a-faire')
    expect(checkHtml(text)).toEqual([])
    const listed = text.slice(text.indexOf('class="lignes a-faire"')).match(/<li>/g)?.length
    const n = /À faire<\/span><span class="compte-pastille">(\d+)</.exec(
      (await cabinet.get('/profil')).text,
    )?.[1]
    expect(Number(n)).toBe(listed)
    const urgent = [...text.matchAll(/– Urgence (-?\d)</g)].map((m) => m[1])
    expect(urgent).toEqual(['-1', '0', '1'])
    expect(text).toContain('en retard')
  })

  it('empties itself when the act is done', async () => {
    const before = (await cabinet.get('/a-faire')).text
    expect(before).toContain('Lire la réponse à votre message')
    expect(before).toContain('Envoyer les mises à jour de la liste des clients')
    const unread = /href="(\/messages\/[0-9a-f-]{36})"/.exec(before)![1]!
    await cabinet.get(unread)
    await cabinet.post('/clients/mises-a-jour/envoi')
    const after = (await cabinet.get('/a-faire')).text
    expect(after).not.toContain('Lire la réponse à votre message')
    expect(after).not.toContain('Envoyer les mises à jour de la liste')
  })

  it('has only what is the business of the person', async () => {
    const { text } = await (await portal.login('estuaire', 'COL7')).get('/a-faire')
    expect(text).not.toContain('Urgence')
    expect(text).not.toContain('Envoyer les mises à jour de la liste')
    const other = await (await portal.login('estuaire', 'CNS2')).get('/a-faire')
    expect(other.text).not.toContain('Urgence')
  })
})
